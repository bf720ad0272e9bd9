"""A start with an unsafe setting refuses, in one line that names the setting."""

from pathlib import Path

import pytest

from luodi.web.config import Unsafe, load
from luodi.web.databases import database

SECRET = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GOOD = {
    "LUODI_MODE": "production",
    "LUODI_SECRET": SECRET,
    "LUODI_HOSTS": "luodi.hospital.example",
    "LUODI_TLS": "proxy",
    "LUODI_DATABASE": "postgresql://luodi@127.0.0.1/luodi",
    "LUODI_DATA": "/nowhere",
}
UNSAFE = {
    "no mode": ({"LUODI_MODE": ""}, "LUODI_MODE"),
    "unknown mode": ({"LUODI_MODE": "debug"}, "LUODI_MODE"),
    "no secret": ({"LUODI_SECRET": ""}, "LUODI_SECRET"),
    "short secret": ({"LUODI_SECRET": "abc123"}, "LUODI_SECRET"),
    "secret of one letter": ({"LUODI_SECRET": "a" * 80}, "LUODI_SECRET"),
    "debug": ({"LUODI_DEBUG": "1"}, "LUODI_DEBUG"),
    "debug in the demo": ({"LUODI_DEBUG": "yes", "LUODI_MODE": "demo"}, "LUODI_DEBUG"),
    "no hosts": ({"LUODI_HOSTS": ""}, "LUODI_HOSTS"),
    "any host": ({"LUODI_HOSTS": "*"}, "LUODI_HOSTS"),
    "one host of many with a star": ({"LUODI_HOSTS": "a.example,*.b.example"}, "LUODI_HOSTS"),
    "no TLS": ({"LUODI_TLS": "none"}, "LUODI_TLS"),
    "unknown TLS": ({"LUODI_TLS": "maybe"}, "LUODI_TLS"),
    "SQLite in production": ({"LUODI_DATABASE": ""}, "LUODI_MODE=trial"),
    "other database": ({"LUODI_DATABASE": "mysql://a/b"}, "LUODI_DATABASE"),
    "database without name": ({"LUODI_DATABASE": "postgresql://luodi@127.0.0.1/"}, "LUODI_DATABASE"),
    "unknown root key": ({"LUODI_ROOT_KEY": "secret"}, "LUODI_ROOT_KEY"),
    "port out of range": ({"LUODI_PORT": "70000"}, "LUODI_PORT"),
    "port of letters": ({"LUODI_PORT": "http"}, "LUODI_PORT"),
    "trial beyond loopback without TLS": (
        {"LUODI_MODE": "trial", "LUODI_TLS": "none", "LUODI_HOST": "0.0.0.0"},
        "loopback",
    ),
    "demo beyond loopback": ({"LUODI_MODE": "demo", "LUODI_HOST": "0.0.0.0"}, "--anyone"),
    "configuration that is not there": ({"LUODI_CONFIG": "/nowhere/luodi.toml"}, "LUODI_CONFIG"),
}


def test_a_whole_production_configuration_starts() -> None:
    config = load(GOOD)
    assert (config.engine, config.port, config.live) == ("postgresql", 8000, 8001)


@pytest.mark.parametrize("case", UNSAFE)
def test_unsafe_settings_are_refused(case: str) -> None:
    change, named = UNSAFE[case]
    with pytest.raises(Unsafe) as refused:
        load(GOOD | change)
    message = str(refused.value)
    assert named in message
    assert "\n" not in message
    assert SECRET not in message


def test_key_files_that_others_can_read_are_refused(tmp_path: Path) -> None:
    for file, setting in (("secret.key", "LUODI_SECRET_FILE"), ("root.key", "LUODI_ROOT_KEY")):
        key = tmp_path / file
        key.write_text(SECRET)
        key.chmod(0o644)
        given = {k: v for k, v in GOOD.items() if k != "LUODI_SECRET" or file != "secret.key"}
        given[setting] = f"file:{key}" if setting == "LUODI_ROOT_KEY" else str(key)
        with pytest.raises(Unsafe, match="chmod 600"):
            load(given)
        key.chmod(0o600)
        assert load(given).secret == SECRET


def test_a_file_configures_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "luodi.toml"
    file.write_text('mode = "trial"\nhosts = ["a.example", "b.example"]\nport = 9000\n')
    config = load({"LUODI_CONFIG": str(file), "LUODI_SECRET": SECRET, "LUODI_PORT": "9100"})
    assert (config.mode, config.hosts, config.port, config.live) == ("trial", ("a.example", "b.example"), 9100, 9101)


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "luodi.toml"
    file.write_text('mode = "trial"\nhostss = ["a.example"]\n')
    with pytest.raises(Unsafe, match="hostss"):
        load({"LUODI_CONFIG": str(file), "LUODI_SECRET": SECRET})


def test_the_demo_may_be_opened_on_purpose() -> None:
    assert load({"LUODI_MODE": "demo", "LUODI_SECRET": SECRET, "LUODI_HOST": "0.0.0.0", "LUODI_ANYONE": "1"}).anyone


def test_both_databases_keep_what_they_acknowledge() -> None:
    embedded = database(load({"LUODI_MODE": "demo", "LUODI_SECRET": SECRET}))["OPTIONS"]
    assert embedded["transaction_mode"] == "IMMEDIATE"
    for word in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert word in embedded["init_command"]
    served = database(load(GOOD))
    assert "synchronous_commit=on" in served["OPTIONS"]["options"]
    assert served["CONN_HEALTH_CHECKS"]
    assert served["OPTIONS"]["server_side_binding"] is True
    assert served["OPTIONS"]["prepare_threshold"] == 1
