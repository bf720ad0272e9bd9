from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.insight import queries as insight

from .actions import CriterionWish
from .models import Bound, Decision, Phase

CRITERIA = 8  # rows of criteria on the form; what is left empty is no criterion


class DecisionForm(forms.Form):
    """What the steering group decides on a weighing."""

    decision = forms.ChoiceField(label=_("决定"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("暂缓或终止时必填"),
    )


class WeighForm(forms.Form):
    """Weighing a gate asks for nothing but which weighing was the newest on the page, 0 for none."""

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class GateForm(forms.Form):
    """A gate, or its next version. `rev` is the version that was seen: 0 for a new gate."""

    code = forms.SlugField(
        label=_("代码"),
        max_length=40,
        help_text=_("小写英文、数字和连字符，如 pilot；定义后不变"),
        widget=forms.TextInput(attrs={"data-first": ""}),
    )
    name = forms.CharField(label=_("名称"), max_length=80)
    phase = forms.ChoiceField(label=_("阶段"), choices=Phase.choices)
    scope = forms.CharField(label=_("范围"), max_length=200, required=False)
    rev = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class CriterionForm(forms.Form):
    """One row of criteria; a row without a measure is left out."""

    measure = forms.ChoiceField(label=_("指标"), required=False)
    bound = forms.ChoiceField(label=_("比较"), choices=Bound.choices, required=False)
    target = forms.DecimalField(label=_("目标"), max_digits=14, decimal_places=6, required=False)
    window_days = forms.IntegerField(label=_("窗口（天）"), min_value=1, max_value=366, required=False)
    minimum = forms.IntegerField(label=_("最小样本"), min_value=1, max_value=1_000_000, required=False)
    reason = forms.CharField(label=_("依据"), max_length=200, required=False)
    part = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["measure"]
        chosen.choices = [
            ("", _("不用这一行")),
            *((each.code, f"{each.name} {each.unit}") for each in insight.measures()),
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        wanted = ("bound", "target", "window_days", "minimum")
        if typed.get("measure"):
            for name in wanted:
                if name not in self.errors and typed.get(name) in (None, ""):
                    self.add_error(name, _("请填写"))
        elif "measure" not in self.errors and typed.get("target") is not None:
            self.add_error("measure", _("请选择指标"))
        return typed

    def asked(self) -> bool:
        """Whether the row holds something to look at: a measure, or a field that came back wrong."""
        return bool(self["measure"].value() or self.errors)

    def wish(self) -> CriterionWish | None:
        """What the row asks; None where it is left out."""
        return CriterionWish(**self.cleaned_data) if self.cleaned_data.get("measure") else None
