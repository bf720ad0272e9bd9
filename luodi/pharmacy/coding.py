"""药品追溯码: how a code is built, and for whom it is scanned. Read from `data/trace_*.csv`."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from luodi.pharmacy.refusals import BadTrace
from luodi.trust.tables import in_force

_DATA = Path(__file__).parent / "data"
OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
ABSENT = {"none": _("包装上没有追溯码"), "broken": _("追溯码破损，扫不出"), "loose": _("拆零药品")}


def need(visit_class: str) -> str:
    """off | optional | required, as the policy of today says; off where it says nothing."""
    return next((row["need"] for row in in_force(_DATA / "trace_policy.csv") if row["visit_class"] == visit_class), OFF)


def cleaned(code: str) -> str:
    """The digits of a scanned code. Raises BadTrace for what is none."""
    text = "".join(code.split())
    digits = int(_format()["digits"])
    if not (text.isascii() and text.isdigit() and len(text) == digits):
        raise BadTrace(message=_("这不是药品追溯码，或没有扫全。"), next=_("请扫描药盒上的追溯码；没有的请选择原因。"))
    return text


def product(code: str) -> str:
    """The part of a code that names the product."""
    return code[: int(_format()["product_digits"])]


def _format() -> dict[str, str]:
    return dict(in_force(_DATA / "trace_format.csv")[-1])
