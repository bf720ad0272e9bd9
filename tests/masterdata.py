"""Master data for the tests: laid once under all of them, and a short form for those that empty the database.

Loading it in every test's own transaction would be most of what the tests do.
"""

import atexit
import csv
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from luodi.terms import files

BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)

CHAPTERS = ("A0", "C91", "E1", "F90", "I1", "I2", "I5", "J0", "J1", "J3", "K2", "M54", "N1", "R50")


@cache
def short() -> Path:
    """A folder like the shipped one, its diagnoses cut to CHAPTERS; made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="luodi-terms-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for file in files.HERE.iterdir():
        if file.is_file():
            shutil.copy(file, folder / file.name)
    with (files.HERE / "icd10.csv").open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        kept = [row for row in reader if row["code"].startswith(CHAPTERS)]
    with (folder / "icd10.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(kept[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return folder


def lay() -> None:
    """Put the shipped tables under every test of this process: rows alone, no act, no entry, nobody who did it."""
    from luodi.terms import actions
    from luodi.trust import clock
    from luodi.trust.actor import NOBODY

    with clock.at(BEGAN):
        prepared = actions._read(NOBODY)
        for table, names, rows in prepared.rows:
            actions._store(table, names, rows, clock.today())
        actions._enact(prepared, clock.today())
