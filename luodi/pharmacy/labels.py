"""What a label says, in plain words: drug, how to take it, barcode. Never a diagnosis."""

from typing import Any, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from luodi.advice.amounts import in_units, text
from luodi.terms import queries as terms
from luodi.trust.clock import today

CROWDED = 45  # characters of the sentence


class Label(NamedTuple):
    """One printed label. `usage` is the sentence that a patient reads; `hints` are short warnings."""

    package: Any
    usage: str
    hints: tuple[str, ...]

    @property
    def dense(self) -> bool:
        """So many words that they are printed smaller, to stay on one label."""
        return len(self.usage) > CROWDED


def label(package: Any) -> Label:
    """The label of a package card. What a patient reads is Chinese, whatever the screen it was printed from speaks."""
    with translation.override("zh-hans"):
        return Label(package, usage(package.drug), tuple(_hints(package.drug)))


def usage(line: Any) -> str:
    """每次 1 片（30 mg），每日3次，口服，餐后 …"""
    parts = [_amount(line), line.frequency, line.route]
    if line.bag:
        parts.append(_("第 %(bag)s 组同瓶") % {"bag": line.bag})
    if line.rate is not None:
        speed = _("每分钟 %(n)s 滴") if line.rate_unit == "gtt/min" else _("每小时 %(n)s ml")
        parts.append(speed % {"n": text(line.rate)})
    if line.prn:
        parts.append(_("必要时使用"))
    if line.usage:
        parts.append(line.usage)
    return _("，").join(part for part in parts if part)


def _amount(line: Any) -> str:
    dose = f"{text(line.dose)} {line.dose_unit}"
    drug = terms.ruleset(today()).drugs.get(line.medicine)
    units = in_units(line.dose, line.dose_unit, drug) if drug else None
    # A person can count halves and quarters of a tablet, not thirds of a vial.
    if not units or units * 4 != (units * 4).to_integral_value() or line.dose_unit == line.pack_unit:
        return _("每次 %(dose)s") % {"dose": dose}
    return _("每次 %(units)s %(unit)s（%(dose)s）") % {"units": text(units), "unit": line.pack_unit, "dose": dose}


def _hints(line: Any) -> list[str]:
    hints = []
    if line.high_alert:
        hints.append(_("高警示药品"))
    if line.control:
        hints.append(_("特殊管理药品，妥善保管"))
    return hints
