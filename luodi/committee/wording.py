"""Words of the room's codes, each with the mark that it has on the screens."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.terms import knowledge
from luodi.terms import queries as terms
from luodi.terms.vocabulary import said
from luodi.trust.clock import today

STATES = {
    "live": (_("现行"), "done"),
    "arranged": (_("已安排启用"), "info"),
    "approved": (_("已批准"), "info"),
    "rejected": (_("已否决"), "critical"),
    "former": (_("曾经启用"), ""),
    "candidate": (_("候选"), "caution"),
}
GRADES = {
    "refuse": (_("拒绝"), "critical"),
    "ask": (_("询问"), "caution"),
    "tell": (_("提示"), "info"),
    "": (_("无"), ""),
}
KINDS = {"changed": (_("改动"), "caution"), "added": (_("新增"), "info"), "ended": (_("终止"), "critical")}
MODES = {"approve": "done", "reject": "critical"}


def mark(words: dict[str, tuple[Any, str]], code: str) -> dict[str, Any]:
    """Words and mark of a code, as `{% tag %}` takes them."""
    found = words.get(code, (code, ""))
    return {"words": found[0], "kind": found[1]}


def rule_name(code: str) -> str:
    """What a rule is called; one that the set in force does not have keeps its code."""
    if code == "knowledge-missing":
        return _now("资料缺失")
    if code == "check-failed":
        return _now("核对出错")
    try:
        held = terms.ruleset(today()).rules
    except knowledge.NoRules:
        return code
    return next((said(rule.title) for rules in held.values() for rule in rules if rule.code == code), code)
