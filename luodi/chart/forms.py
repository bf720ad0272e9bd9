"""What is typed at the doctor's desk. The forms bound and label; what holds is decided by the actions."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.patients.forms import SEX_WORDS
from luodi.patients.types import MOST_BORN, Newborn
from luodi.terms import queries as terms
from luodi.terms.knowledge import NoRules
from luodi.trust import people

from .codes import ALLERGY_STATES, DESK_NOTES, DISPOSITIONS, NOTE_KINDS, PREGNANCY, PREGNANCY_STATUS, SEVERITIES
from .types import AllergyItem, AllergyView, Obs
from .wording import written_unit

TEXT_LIMIT = 20_000
CLASS_OF_UNIT = {"clinic": "outpatient", "emergency": "emergency", "observation": "observation", "ward": "inpatient"}
VITALS: dict[str, tuple[Any, str]] = {
    "BT": (_("体温"), "Cel"),
    "HR": (_("心率"), "/min"),
    "RR": (_("呼吸"), "/min"),
    "SBP": (_("收缩压"), "mm[Hg]"),
    "DBP": (_("舒张压"), "mm[Hg]"),
    "SPO2": (_("血氧饱和度"), "%"),
    "WT": (_("体重"), "kg"),
    "HT": (_("身高"), "cm"),
    "GLUC": (_("指尖血糖"), "mmol/L"),
    "PAIN": (_("疼痛评分"), "1"),
}
SCALES = {"PAIN": "0–10"}  # a score has no unit; its range is said instead
SPARE_ALLERGIES, MOST_ALLERGIES = 2, 30


class DeskForm(forms.Form):
    """A form of the desk: a refusal goes beside the field that it names."""

    def blame(self, refusal: Any) -> None:
        field = getattr(refusal, "field", None)
        words = str(refusal.message) if field in self.fields else str(refusal)
        self.add_error(field if field in self.fields else None, words)


class NotesForm(DeskForm):
    """The parts of the record that are not written yet."""

    def __init__(self, *args: Any, written: set[str] = frozenset(), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        for kind in DESK_NOTES:
            if kind not in written:
                rows = 1 if kind == "complaint" else 2
                area = forms.Textarea({"rows": rows, "maxlength": TEXT_LIMIT})
                self.fields[kind] = forms.CharField(
                    label=NOTE_KINDS[kind], required=False, max_length=TEXT_LIMIT, widget=area, strip=True
                )

    def texts(self) -> dict[str, str]:
        return {kind: self.cleaned_data[kind] for kind in self.fields}

    def typed(self) -> dict[str, str]:
        """What is in the fields now, sound or not."""
        return {kind: str(self.data.get(kind, "")) for kind in self.fields}


class VitalsForm(DeskForm):
    def __init__(self, *args: Any, ask_pregnancy: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, (label, unit) in VITALS.items():
            number = forms.NumberInput({"step": "any", "inputmode": "decimal", "autocomplete": "off"})
            self.fields[code] = forms.DecimalField(
                label=label,
                help_text=SCALES.get(code) or written_unit(unit),
                required=False,
                max_digits=8,
                decimal_places=2,
                widget=number,
            )
        if ask_pregnancy:
            choices = [("", _("不改")), *PREGNANCY.items()]
            self.fields[PREGNANCY_STATUS] = forms.ChoiceField(label=_("妊娠哺乳"), choices=choices, required=False)

    def readings(self) -> list[Obs]:
        typed = self.cleaned_data
        found = [Obs(code, Decimal(typed[code]), VITALS[code][1]) for code in VITALS if typed.get(code) is not None]
        status = typed.get(PREGNANCY_STATUS)
        return found + ([Obs(PREGNANCY_STATUS, coded=status)] if status else [])


class DiagnosisForm(DeskForm):
    q = forms.CharField(label=_("查找诊断"), max_length=80, required=False)
    code = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    main = forms.BooleanField(label=_("主要诊断"), required=False)


class WithdrawForm(DeskForm):
    reason = forms.CharField(label=_("撤回原因"), max_length=200)


class AllergiesForm(DeskForm):
    """The whole list; a row emptied is a substance dropped, which asks for a reason."""

    state = forms.ChoiceField(label=_("过敏状态"), choices=list(ALLERGY_STATES.items()), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("删去或改变的原因"), max_length=200, required=False)
    rev = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, stated: AllergyView) -> None:
        items = stated.items
        initial = {"state": stated.state, "rev": stated.rev}
        for n, item in enumerate(items):
            for part in ("code", "label", "severity", "reaction"):
                initial[f"{part}_{n}"] = getattr(item, part)
        super().__init__(data, initial=initial)
        self.rows = min(len(items) + SPARE_ALLERGIES, MOST_ALLERGIES)
        classes = [("", _("— 或写药名")), *_classes()]
        for n in range(self.rows):
            held = items[n].code if n < len(items) else ""
            extra = [] if held in dict(classes) else [(held, items[n].label)]
            self._row(n, classes + extra)

    def _row(self, n: int, classes: list[Any]) -> None:
        self.fields[f"code_{n}"] = forms.ChoiceField(label=_("药物类别"), choices=classes, required=False)
        self.fields[f"label_{n}"] = forms.CharField(label=_("药物或物质"), max_length=80, required=False)
        self.fields[f"severity_{n}"] = forms.ChoiceField(
            label=_("程度"), choices=list(SEVERITIES.items()), required=False
        )
        self.fields[f"reaction_{n}"] = forms.CharField(label=_("反应"), max_length=200, required=False)

    def row_fields(self) -> list[list[Any]]:
        """Bound fields by row, for the template."""
        return [[self[f"{part}_{n}"] for part in ("code", "label", "severity", "reaction")] for n in range(self.rows)]

    def items(self) -> list[AllergyItem]:
        """The rows that name something; a class chosen without words takes the name of the class."""
        names = dict(_classes())
        rows = [{part: self.cleaned_data[f"{part}_{n}"] for part in _PARTS} for n in range(self.rows)]
        return [
            AllergyItem(row["code"], row["label"] or names.get(row["code"], ""), row["severity"], row["reaction"])
            for row in rows
            if row["code"] or row["label"]
        ]


def _classes() -> tuple[tuple[str, str], ...]:
    """Classes to choose from; none where no terms are loaded: an allergy is then recorded in words."""
    try:
        return terms.allergy_classes()
    except NoRules:
        return ()


_PARTS = ("code", "label", "severity", "reaction")


class CloseForm(DeskForm):
    disposition = forms.ChoiceField(label=_("去向"), choices=list(DISPOSITIONS.items()))


class TransferForm(DeskForm):
    """To another unit; its kind gives the visit class."""

    unit = forms.TypedChoiceField(label=_("转往"), coerce=int)

    def __init__(self, *args: Any, here: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [unit for unit in people.units() if unit.kind in CLASS_OF_UNIT]
        self.classes = {unit.pk: CLASS_OF_UNIT[unit.kind] for unit in units}
        unit_field: Any = self.fields["unit"]
        unit_field.choices = [(unit.pk, unit.name) for unit in units if unit.pk != here]

    def visit_class(self) -> str:
        return self.classes[self.cleaned_data["unit"]]


class NewbornForm(DeskForm):
    sex = forms.ChoiceField(label=_("性别"), choices=SEX_WORDS[:3], widget=forms.RadioSelect)
    at = forms.DateTimeField(
        label=_("出生时间"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    of = forms.TypedChoiceField(label=_("胎数"), coerce=int, choices=[(n, str(n)) for n in range(1, MOST_BORN + 1)])
    place = forms.TypedChoiceField(
        label=_("出生顺序"), coerce=int, choices=[(n, str(n)) for n in range(1, MOST_BORN + 1)],
        help_text=_("单胎为 1；多胎按出生先后"),
    )  # fmt: skip

    def newborn(self) -> Newborn:
        return Newborn(**{name: self.cleaned_data[name] for name in ("sex", "at", "place", "of")})


class AmendForm(DeskForm):
    text = forms.CharField(label=_("修订后的内容"), max_length=TEXT_LIMIT, widget=forms.Textarea({"rows": 8}))
    reason = forms.CharField(label=_("修订原因"), max_length=200)
