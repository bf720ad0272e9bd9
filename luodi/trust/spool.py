"""Where reading goes on when the ledger cannot be written: a preallocated file, folded in afterwards.

A full disk must stop new work, not care: who read what is kept in space that was taken beforehand, each line coded with
the ledger key, and becomes entries as soon as the ledger takes them again.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from luodi.trust import canonical
from luodi.trust.actor import Actor, Ref
from luodi.trust.clock import now
from luodi.trust.lock import turn
from luodi.trust.refusal import Refusal
from luodi.trust.vault import sm
from luodi.trust.vault.keys import purpose_key, purpose_keys

SIZE = 1 << 20
_PAD = b"\0"


class SpoolFull(Refusal):
    """Even the preallocated space is used up: reading stops too."""

    code = "spool_full"
    status = 507


def path() -> Path:
    """The spool file in the hospital's data folder."""
    return Path(settings.LUODI_DATA) / "spool" / "reads"


def prepare() -> None:
    """Take the space now, while there is some: the file's, and that of its turn."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with turn(file.with_suffix(".turn")):
        if file.exists() and file.stat().st_size == SIZE:
            return
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(_PAD * SIZE)
            out.flush()
            os.fsync(out.fileno())


def _used(data: bytes) -> int:
    return len(data.rstrip(_PAD))


def keep(by: Actor, patients: list[int], screen: str) -> None:
    """Keep one reading. Raises SpoolFull, OSError."""
    body = canonical.text({"at": now(), "by": list(by), "patients": patients, "screen": screen})
    code = sm.hmac_sm3(purpose_key("ledger").secret, body.encode()).hex()
    line = f"{code} {body}\n".encode()
    file = path()
    with turn(file.with_suffix(".turn")), file.open("r+b") as spool:
        used = _used(spool.read())
        if used + len(line) > SIZE:
            raise SpoolFull
        spool.seek(used)
        spool.write(line)
        spool.flush()
        os.fsync(spool.fileno())


def waiting() -> bool:
    """True where readings wait in the spool: the banner is shown."""
    try:
        with path().open("rb") as spool:
            return spool.read(1) not in (b"", _PAD)
    except OSError:
        return False


def _true_lines(data: bytes) -> list[dict[str, Any]]:
    lines, secrets = [], [key.secret for key in purpose_keys("ledger")]
    for line in data[: _used(data)].decode(errors="replace").splitlines():
        code, _, body = line.partition(" ")
        # kept under the key of its day: a rotation since then makes no reading a damaged one
        genuine = code in {sm.hmac_sm3(secret, body.encode()).hex() for secret in secrets}
        lines.append(json.loads(body) if genuine else {"damaged": True})
    return lines


def fold() -> int:
    """Write what was spooled to the ledger, then empty the spool; returns how many readings."""
    from luodi.trust import ledger
    from luodi.trust.access import watching
    from luodi.trust.write import write

    file = path()
    if not waiting():
        return 0
    with turn(file.with_suffix(".turn")), file.open("r+b") as spool:
        lines = _true_lines(spool.read())
        with write():
            for line in lines:
                by = Actor(*line["by"]) if "by" in line else Actor(0, "", 0, "spool")
                facts = {key: line[key] for key in line if key != "by"} | {"spooled": True}
                entry = ledger.record("read", by=by, about=Ref("reading", 0), facts=facts)
                if by.staff:
                    watching.note(entry, by, watching.watched(facts["patients"]), facts["screen"])
        spool.seek(0)
        spool.write(_PAD * SIZE)
        spool.flush()
        os.fsync(spool.fileno())
    return len(lines)
