"""Forms of the committee."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.committee.models import Choice, Verdict

_DATETIME = "%Y-%m-%dT%H:%M"


def _words(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 2} | more.pop("attrs", {})), **more
    )


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(each, initial) for each in (data if isinstance(data, list) else [data])]


class ProposeForm(forms.Form):
    """Changed tables; what is not given stays as in force."""

    tables = FilesField(
        label=_("资料文件"),
        help_text=_("与随附资料同名的 CSV，可选多个；没有上传的表沿用现行版本"),
        widget=Files(attrs={"accept": ".csv", "data-first": ""}),
    )
    note = _words(_("改了什么"), 300)


class ReplayForm(forms.Form):
    days = forms.IntegerField(label=_("最近天数"), min_value=1, max_value=400)


class DecisionForm(forms.Form):
    """`seen` is the result of the replay that the page showed, 0 for none."""

    choice = forms.ChoiceField(label=_("决定"), choices=Choice.choices, widget=forms.RadioSelect)
    reason = _words(_("理由"), 500, required=False, help_text=_("不批准时必填"))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class LaunchForm(forms.Form):
    reason = _words(_("理由"), 300, help_text=_("如会议名称；退回旧版本时写明原因"))
    due = forms.DateTimeField(
        label=_("启用时间"),
        required=False,
        help_text=_("留空为立即启用"),
        input_formats=[_DATETIME],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_DATETIME),
    )


class WithdrawForm(forms.Form):
    reason = _words(_("撤销理由"), 300)


class ReviewForm(forms.Form):
    """What a pharmacist checked, and against what."""

    note = _words(_("核对依据"), 500, help_text=_("如说明书、指南的名称和版本"))


class ThresholdForm(forms.Form):
    percent = forms.IntegerField(label=_("坚持开具的比例超过（%）"), min_value=0, max_value=100)
    cases = forms.IntegerField(label=_("最少例数"), min_value=1, max_value=100_000)
    reason = _words(_("理由"), 300)


class RulingForm(forms.Form):
    verdict = forms.ChoiceField(label=_("决定"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = _words(_("理由"), 500)


class WindowForm(forms.Form):
    """Over how many days override rates are counted."""

    days = forms.TypedChoiceField(
        label=_("统计天数"), coerce=int, choices=[(30, "30"), (90, "90"), (180, "180"), (365, "365")]
    )

    def chosen(self) -> int:
        return int(self.cleaned_data["days"]) if self.is_valid() else 90
