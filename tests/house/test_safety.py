"""Every proof that the hazard log names is a test that exists."""

import re

from tests.house.tree import ROOT

LOG = ROOT / "docs" / "safety" / "README.md"


def test_each_hazard_is_proved_by_tests_that_exist() -> None:
    rows = [line for line in LOG.read_text(encoding="utf-8").splitlines() if re.match(r"\| H\d", line)]
    assert rows
    unproved = [row.split("|")[1].strip() for row in rows if "::" not in row]
    assert unproved == []
    lost = [
        f"{file}::{test}"
        for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", "\n".join(rows))
        if not re.search(rf"^def {test}\b", (ROOT / file).read_text(encoding="utf-8"), re.M)
    ]
    assert lost == []
