"""Names of the groups that measures are broken down by."""

from django.utils.translation import gettext_lazy as _

from luodi.committee.wording import rule_name
from luodi.trust import people

PARTS = {
    "outpatient": _("门诊"),
    "emergency": _("急诊"),
    "observation": _("留观"),
    "inpatient": _("住院"),
    "": _("未知"),
}


def part_name(code: str) -> object:
    """The name of a group; a code that has none is shown as it is."""
    if code.startswith("unit-"):
        return people.unit_name(int(code.removeprefix("unit-")))
    if code.startswith("rule-"):
        return rule_name(code.removeprefix("rule-"))
    return PARTS.get(code, code)
