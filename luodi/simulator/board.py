"""Before the drug committee: a candidate version to replay and decide, and a rule that is overridden too often."""

import csv
import io

from luodi.committee import actions as committee
from luodi.simulator.crew import Crew
from luodi.terms import files, versions

# What the demo's secretary proposes: doctors are asked about high-alert medicines, and no longer only told.
RULE, BEFORE, AFTER = "high-alert", "tell", "ask"
WATCHED, PERCENT, CASES = "interaction", 60, 1


def sit(crew: Crew) -> None:
    """Leave the committee its work. Where it has a candidate already, that one stays."""
    now = versions.live()
    if now is None or now.version is None or len(versions.versions()) > 1:
        return
    by = crew("dtcsec1")
    version = committee.propose(by, {"rules": _proposed(now.version)}, "高警示药品由提示改为询问（演示候选）")
    committee.replay(by, version)
    committee.set_threshold(by, WATCHED, PERCENT, CASES, "演示：例数少，阈值放低")
    committee.survey(by)


def _proposed(version: int) -> bytes:
    """The rules in force with one grade changed."""
    with versions.folder(version) as folder:
        rows = files.rows(folder, "rules")
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"grade": AFTER} if row["code"] == RULE else row)
    return text.getvalue().encode()
