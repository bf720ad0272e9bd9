"""What a doctor types: a line, a reply, a stop, an extension."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from luodi.orders import wording
from luodi.orders.cards import LineCard, LineWish
from luodi.orders.lines import MOST_USAGE, MOST_WORDS
from luodi.terms import queries as terms
from luodi.terms.cards import MedicineCard
from luodi.terms.rulebook import DrugFact
from luodi.terms.vocabulary import said
from luodi.trust import clock
from luodi.trust.spoken import spoken

SKIN = [
    ("", _("未写明")),
    ("pending", _("待结果")),
    ("negative", _("阴性")),
    ("positive", _("阳性")),
    ("continuing", _("续用（72 小时内）")),
    ("exempt", _("免试")),
]
RATE_UNITS = [("gtt/min", _("滴/分")), ("ml/h", _("ml/小时"))]
KINDS = {
    "ordinary": _("普通"),
    "emergency": _("急诊"),
    "paediatric": _("儿科"),
    "narcotic": _("麻醉药品"),
    "psych1": _("第一类精神药品"),
    "psych2": _("第二类精神药品"),
}
FIRST_ROUTES = ("po", "ivgtt", "iv", "im", "ih", "inh", "neb", "sl", "pr", "ext")


def _text(label: Any, help_text: Any = "", longest: int = MOST_WORDS) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help_text)


def _number(label: Any, help_text: Any = "", **options: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(label=label, help_text=help_text, widget=widget, localize=False, **options)


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class LineForm(forms.Form):
    """One drug line, for one medicine of the formulary."""

    medicine = forms.CharField(widget=forms.HiddenInput, max_length=16)
    dose = _number(_("单次剂量"), max_digits=14)
    dose_unit = forms.ChoiceField(label=_("单位"))
    route = forms.ChoiceField(label=_("途径"))
    frequency = forms.ChoiceField(label=_("频次"))
    days = _number(_("天数"), max_digits=6)
    quantity = _number(_("总量"), _("不填则按剂量、频次、天数计算"), max_digits=12, required=False)
    skin_test = forms.ChoiceField(label=_("皮试"), choices=SKIN, required=False)
    skin_test_at = forms.DateTimeField(
        label=_("皮试判读时间"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    solvent = forms.ChoiceField(label=_("加溶媒"), required=False)
    solvent_ml = _number(_("溶媒量 ml"), _("不填为一整瓶"), required=False, max_digits=6)
    bag = forms.TypedChoiceField(label=_("同组"), coerce=int, required=False, empty_value="0")
    rate = _number(_("滴速"), required=False, max_digits=6)
    rate_unit = forms.ChoiceField(label=_("滴速单位"), choices=RATE_UNITS, required=False)
    usage = _text(_("用法说明"), _("如餐后、睡前；不得写“遵医嘱”"), MOST_USAGE)
    chronic_reason = _text(_("延长用量的理由"), _("慢性病、老年病或特殊情况"))
    over_tier_reason = _text(_("越级使用理由"))
    note = _text(_("嘱托"))

    def __init__(self, *args: Any, drug: MedicineCard, lines: Sequence[LineCard] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drug = drug
        self.dripped = drug.form_class == "injection"
        units = dict.fromkeys(unit for unit in (drug.dose_unit, drug.strength_unit, drug.pack_unit) if unit)
        if drug.volume_ml:
            units["ml"] = None
        _offer(self, "dose_unit", [(unit, said(unit, drug.form)) for unit in units])
        _offer(self, "route", _routes())
        _offer(self, "frequency", _frequencies())
        self.fields["quantity"].label = _quantity_label(drug.pack_unit, drug.form)
        self.fields["dose"].widget.attrs["data-first"] = ""
        if not drug.skin_test:
            del self.fields["skin_test"], self.fields["skin_test_at"]
        self._offer_drip(lines)
        if drug.tier < 2:
            del self.fields["over_tier_reason"]

    def _offer_drip(self, lines: Sequence[LineCard]) -> None:
        """Solvent, bag and speed of what can be dripped; a solvent is not dissolved in another."""
        if not self.dripped:
            for name in ("solvent", "solvent_ml", "bag", "rate", "rate_unit"):
                del self.fields[name]
            return
        if self.drug.code in terms.ruleset(clock.today()).carriers:
            del self.fields["solvent"], self.fields["solvent_ml"]
        else:
            _offer(self, "solvent", [("", _("不加")), *_solvents()])
        _offer(self, "bag", [("0", _("单独")), *_bags(lines)])

    def clean(self) -> dict[str, Any]:
        """A solvent without an amount is one container; a speed has a unit, which none needs without it."""
        held: dict[str, Any] = super().clean() or {}
        if held.get("solvent") and held.get("solvent_ml") is None:
            held["solvent_ml"] = _container(held["solvent"])
        held["bag"] = int(held.get("bag") or 0)
        if held.get("rate") is None:
            held["rate_unit"] = ""
        return held

    def wish(self) -> LineWish:
        """The line that was typed; call after is_valid()."""
        given = {name: value for name, value in self.cleaned_data.items() if name in LineWish._fields}
        return LineWish(**given)


def _solvents() -> list[tuple[str, str]]:
    rules = terms.ruleset(clock.today())
    held = sorted((drug for code in rules.carriers if (drug := rules.drugs.get(code))), key=_by_volume)
    return [(drug.code, f"{spoken(drug.name, drug.name_en)} {drug.strength}") for drug in held]


def _by_volume(drug: DrugFact) -> tuple[str, Decimal]:
    return drug.atc, drug.volume_ml or Decimal(0)


def _container(code: str) -> Decimal | None:
    drug = terms.ruleset(clock.today()).drugs.get(code)
    return drug.volume_ml if drug else None


def _bags(lines: Sequence[LineCard]) -> list[tuple[str, str]]:
    """The bags of the prescription, each with what is in it."""
    held: dict[int, list[str]] = {}
    for line in lines:
        if line.bag:
            held.setdefault(line.bag, []).append(spoken(line.generic, line.generic_en))
    return [(str(number), f"{number}：{' + '.join(names)}") for number, names in sorted(held.items())]


def _routes() -> list[tuple[str, str]]:
    rank = {code: place for place, code in enumerate(FIRST_ROUTES)}
    known = sorted(terms.routes(), key=lambda route: (rank.get(route.code, 99), route.code))
    return [(route.code, f"{route.code} {spoken(route.name, route.name_en)}") for route in known]


def _frequencies() -> list[tuple[str, str]]:
    return [("", "—"), *((each.code, f"{each.code} {spoken(each.name, each.name_en)}") for each in terms.frequencies())]


def _quantity_label(pack_unit: str, form: str) -> Any:
    return lazystr(f"{_('总量')} {said(pack_unit, form)}") if pack_unit else _("总量")


def initial_of(line: LineCard) -> dict[str, Any]:
    """A kept line as the form's first values."""
    names: tuple[str, ...] = (
        "medicine",
        "dose",
        "dose_unit",
        "days",
        "quantity",
        "skin_test",
        "usage",
        "chronic_reason",
    )
    names = (*names, "skin_test_at", "bag", "rate", "rate_unit", "over_tier_reason", "note")
    values = {name: getattr(line, name) for name in names}
    values |= {name: plain(values[name]) for name in ("dose", "days", "quantity", "rate")}
    return values | {"route": line.route_code, "frequency": line.frequency_code}


def plain(value: Decimal | None) -> str:
    """A number as a person writes it: no trailing zero, no exponent."""
    return "" if value is None else f"{value.normalize():f}"


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("答复"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明改了什么，或为什么按原方"),
    )


class StopForm(forms.Form):
    """A coded reason, or words."""

    reason = forms.ChoiceField(label=_("停止原因"))
    words = forms.CharField(label=_("请写明"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = (wording.WRITTEN, _("其他，请写明"))
        _offer(self, "reason", [("", "—"), *wording.choices("stop_reasons"), written])

    def chosen(self) -> str:
        code = str(self.cleaned_data["reason"])
        return str(self.cleaned_data["words"]) if code == wording.WRITTEN else code


class ExtendForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("有效天数"), coerce=int, choices=[(2, _("2 天")), (3, _("3 天"))], help_text=_("从开具当日算起")
    )
    reason = forms.CharField(label=_("理由"), max_length=500)
