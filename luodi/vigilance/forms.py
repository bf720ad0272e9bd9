"""Forms of reactions. They bound and label; what holds is decided by the actions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.chart.codes import SEVERITIES
from luodi.patients.forms import ScannedField
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.spoken import spoken
from luodi.vigilance import codes
from luodi.vigilance.types import Exposure, Form

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment to the minute, as a desk types it."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
        super().__init__(input_formats=[MOMENT, "%Y-%m-%d %H:%M"], widget=widget, **more)


class FindForm(forms.Form):
    text = ScannedField(
        label=_("扫描腕带，或输入姓名、病案号"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "data-first": "", "data-scan-target": "", "data-scan-submit": ""}
        ),
    )


def exposed(each: Exposure) -> Any:
    """One exposure in a line: the drug, when it was given or handed over, and its lots."""
    drug = each.pack.drug
    return format_lazy(
        _("{drug} {strength}，{dose} {unit}，{route} · {where} {at} · 批号 {lots}"),
        drug=spoken(drug.generic, drug.generic_en),
        strength=drug.strength,
        dose=f"{drug.dose.normalize():f}",
        unit=drug.dose_unit,
        route=drug.said_route,
        where=_("床旁给药") if each.bedside else _("发药"),
        at=each.at.astimezone(HOSPITAL_ZONE).strftime("%m-%d %H:%M"),
        lots=each.pack.lot_no,
    )


class ReactionForm(forms.Form):
    """The report: what was given, what happened, how grave it is. The rest starts with what is usual."""

    suspects = forms.TypedMultipleChoiceField(label=_("怀疑药品"), coerce=int, widget=forms.CheckboxSelectMultiple)
    terms = forms.MultipleChoiceField(label=_("反应"), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label=_("反应过程"), max_length=2000, help_text=_("症状、体征、时间、处理"), widget=forms.Textarea({"rows": 3})
    )
    onset = MomentField(label=_("发生时间"))
    known_at = MomentField(label=_("获知时间"))
    seriousness = forms.MultipleChoiceField(
        label=_("严重的依据"), required=False, help_text=_("都不符合的为一般"), widget=forms.CheckboxSelectMultiple
    )
    new = forms.BooleanField(label=_("新的：说明书中未载明"), required=False)
    outcome = forms.ChoiceField(label=_("结果"))
    action = forms.ChoiceField(label=_("对怀疑药品的处理"))
    causality = forms.ChoiceField(label=_("报告人评价"))
    dechallenge = forms.ChoiceField(label=_("停药或减量后"))
    rechallenge = forms.ChoiceField(label=_("再次使用后"))
    impact = forms.ChoiceField(label=_("对原患疾病的影响"))
    concomitants = forms.TypedMultipleChoiceField(
        label=_("并用药品"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    group = forms.TypedChoiceField(label=_("群体事件"), coerce=int, empty_value=None, required=False)

    def __init__(
        self, data: Any = None, *, exposures: Iterable[tuple[int, Any]], groups: Iterable[Any], form: Form | None = None
    ) -> None:
        moment = now().astimezone(HOSPITAL_ZONE).replace(second=0, microsecond=0)
        start: dict[str, Any] = {"onset": moment, "known_at": moment, "causality": "possible", "action": "stopped"}
        start |= {"outcome": "unresolved", "dechallenge": "unknown", "rechallenge": "not_done", "impact": "slight"}
        if form is not None:
            start = {name: getattr(form, name) for name in Form.__dataclass_fields__}
        super().__init__(data, initial=start)
        given = list(exposures)
        for name in ("suspects", "concomitants"):
            self._offer(name, given)
        self._offer("terms", codes.choices("reaction"))
        for name in ("seriousness", "outcome", "action", "causality", "dechallenge", "rechallenge", "impact"):
            self._offer(name, codes.choices(name))
        self._offer("group", [("", _("— 不属于群体事件")), *groups])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def form(self) -> Form:
        """What was filled in."""
        given = dict(self.cleaned_data)
        for name in ("suspects", "concomitants", "terms", "seriousness"):
            given[name] = tuple(given[name])
        return Form(**given)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class AssessForm(forms.Form):
    """The six grades, and the ten questions for whoever wants a score."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    causality = forms.ChoiceField(label=_("关联性评价"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("评价意见"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades: Any = self.fields["causality"]
        grades.choices = codes.choices("causality")
        answers = [("", "—"), ("yes", _("是")), ("no", _("否")), ("unknown", _("未知"))]
        for question in codes.naranjo():
            self.fields[f"q{question.number}"] = forms.ChoiceField(
                label=f"{question.number}. {question.words}", choices=answers, required=False
            )

    def questions(self) -> list[Any]:
        return [self[f"q{question.number}"] for question in codes.naranjo()]

    def answers(self) -> dict[str, str]:
        return {str(q.number): self.cleaned_data[f"q{q.number}"] for q in codes.naranjo()}


class AllergyForm(forms.Form):
    medicine = forms.ChoiceField(label=_("药品"))
    severity = forms.ChoiceField(label=_("程度"), choices=list(SEVERITIES.items()), required=False)
    rev = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, drugs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["medicine"]
        field.choices = drugs


class SubmitForm(forms.Form):
    reference = forms.CharField(label=_("国家系统的报告编号"), max_length=40)


class FollowForm(forms.Form):
    outcome = forms.ChoiceField(label=_("现在的结果"))
    words = forms.CharField(label=_("随访情况"), max_length=1000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = codes.choices("outcome")


class GroupForm(forms.Form):
    title = forms.CharField(label=_("群体事件名称"), max_length=80, help_text=_("写产品和现象，不写患者"))
