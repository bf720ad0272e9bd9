"""Is this hospital ready to work? Each answer names what is missing and holds no secret and no patient."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from luodi.trust.refusal import Refusal
from luodi.trust.vault.keys import shut
from luodi.trust.vault.root import RootKeyUnavailable, root
from luodi.trust.write import write

FREE_BYTES = 64 << 20
NAME_BOTH = "name the new root key and the old one behind it in root_key, and restart"


def pending_migrations() -> list[str]:
    """Names of the migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    return [
        f"{step.app_label}.{step.name}" for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]


def _migrations() -> str:
    waiting = pending_migrations()
    return f"{len(waiting)} migrations wait: luodi migrate" if waiting else ""


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _ledger() -> str:
    with write():
        pass
    return ""


def _root_key() -> str:
    root().wrap(b"\0" * 16)
    closed = len(shut())
    return f"{closed} keys do not open: {NAME_BOTH}" if closed else ""


def _disk() -> str:
    free = shutil.disk_usage(settings.LUODI_DATA).free
    return "" if free > FREE_BYTES else f"{free >> 20} MB left on the data folder's disk"


def durability() -> str:
    """ "" where a commit is on disk before it is acknowledged, else what is wrong."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            values = [
                cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            return "" if values == ["wal", 2, 1] else f"journal_mode, synchronous, foreign_keys are {values}"
        cursor.execute("SHOW synchronous_commit")
        value = cursor.fetchone()[0]
        return "" if value in ("on", "remote_apply") else f"synchronous_commit is {value}"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "durability": durability,
    "migrations": _migrations,
    "ledger": _ledger,
    "root_key": _root_key,
    "disk": _disk,
}


def faults() -> dict[str, str]:
    """What keeps the hospital from working: name of the check → what is wrong."""
    found = {}
    for name, check in CHECKS.items():
        try:
            wrong = check()
        except (DatabaseError, OSError, Refusal, RootKeyUnavailable) as fault:
            wrong = type(fault).__name__
        if wrong:
            found[name] = wrong
    return found


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when ready, 503 with the list of what is not."""
    found = faults()
    return JsonResponse({"ready": not found, "faults": found}, status=503 if found else 200)
