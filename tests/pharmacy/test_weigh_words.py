"""What the review says beside a line: calm only where nothing at all was found."""

from typing import Any

from django.template.loader import render_to_string

CALM = "这一行没有检查发现"
TOGETHER = {"grade": "ASK", "why": "两药合用：出血", "source": "说明书", "rule": "ddi"}


def weighed(**given: Any) -> str:
    line = {"generic": "替格瑞洛", "dose": None}
    return render_to_string("pharmacy/_weigh.html", {"lines": [{"line": line, "number": 1, "findings": []}], **given})


def test_no_line_is_called_clear_under_a_finding_about_several() -> None:
    """A finding about two medicines stands above them; a tick beside each of them would deny it."""
    assert CALM in weighed()
    together = weighed(whole=[TOGETHER])
    assert (TOGETHER["why"] in together, CALM in together) == (True, False)
