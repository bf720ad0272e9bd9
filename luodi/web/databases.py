"""The two databases that a hospital may run on, each told to keep what it acknowledged."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from luodi.web.config import Config

_SQLITE = {
    "timeout": 30,
    # A read-then-write that began as a reader cannot be saved by any timeout, so every transaction begins as a writer.
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864"
    ),
}

_POSTGRESQL = {
    "options": "-c synchronous_commit=on -c lock_timeout=30s",
    "application_name": "luodi",
    # Questions have one text each: bound by the server, a statement is planned once for a connection.
    "server_side_binding": True,
    "prepare_threshold": 1,
}


def database(config: Config) -> dict[str, Any]:
    """Django's DATABASES["default"] for a configuration."""
    if config.engine == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": config.data / "hospital.sqlite3",
            "OPTIONS": _SQLITE,
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": config.data / "test.sqlite3"},
        }
    address = urlsplit(config.database)
    options = dict(parse_qsl(address.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.strip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": options.pop("host", "") or address.hostname or "",
        "PORT": options.pop("port", "") or str(address.port or ""),
        "OPTIONS": options | _POSTGRESQL,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
