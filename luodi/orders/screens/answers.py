"""Answers to the findings that ask: a coded reason from a list, or the doctor's own words."""

from collections.abc import Mapping
from typing import Any

from luodi.advice.types import Finding, Grade
from luodi.orders import wording

CODE, WORDS = "answer-", "words-"
MOST = 100  # findings of one prescription


def given(posted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Finding key → (code chosen, words typed), as posted."""
    keys = [name.removeprefix(CODE) for name in posted if name.startswith(CODE)][:MOST]
    return {key: (posted.get(CODE + key, ""), posted.get(WORDS + key, "")) for key in keys}


def texts(answers: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Finding key → what `sign` takes: the code, or the words where the doctor writes."""
    return {key: words if code == wording.WRITTEN else code for key, (code, words) in answers.items()}


def paired(findings: list[Finding], answers: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """Each finding with the answer given so far; only those that ask take one."""
    return [
        {
            "finding": finding,
            "asks": finding.grade is Grade.ASK,
            "code": answers.get(finding.key, ("", ""))[0],
            "words": answers.get(finding.key, ("", ""))[1],
            "choices": wording.choices("answers") if finding.grade is Grade.ASK else [],
        }
        for finding in findings
    ]
