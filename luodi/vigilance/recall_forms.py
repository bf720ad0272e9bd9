"""Forms of recalls."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.vigilance import codes
from luodi.vigilance.forms import MomentField

LEVELS = [
    ("1", _("一级：可能引起严重健康危害")),
    ("2", _("二级：可能引起暂时或可逆的健康危害")),
    ("3", _("三级：一般不引起健康危害")),
]


class DrugForm(forms.Form):
    text = forms.CharField(
        label=_("药品"),
        max_length=80,
        help_text=_("拼音首字母、名称或编码"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-first": ""}),
    )


class RecallForm(forms.Form):
    """The notice as it came. Lot numbers are separated by blanks or commas."""

    medicine = forms.CharField(max_length=16, widget=forms.HiddenInput)
    lot_nos = forms.CharField(
        label=_("批号"),
        max_length=400,
        help_text=_("多个批号用空格或逗号隔开"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-first": ""}),
    )
    level = forms.ChoiceField(label=_("召回级别"), choices=LEVELS, widget=forms.RadioSelect)
    source = forms.ChoiceField(label=_("来源"))
    notice = forms.CharField(label=_("通知编号"), max_length=60, required=False)
    noticed_at = MomentField(label=_("收到通知的时间"))
    reason = forms.CharField(label=_("召回原因"), max_length=200)

    def __init__(self, data: Any = None, *, medicine: str = "") -> None:
        moment = now().astimezone(HOSPITAL_ZONE).replace(second=0, microsecond=0)
        super().__init__(data, initial={"medicine": medicine, "noticed_at": moment})
        field: Any = self.fields["source"]
        field.choices = codes.choices("source")

    def clean_lot_nos(self) -> list[str]:
        return [part for part in re.split(r"[\s,，;；、]+", self.cleaned_data["lot_nos"]) if part]


class ContactForm(forms.Form):
    state = forms.ChoiceField(label=_("联系结果"), widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("方式"))
    words = forms.CharField(label=_("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("state", "contact"), ("how", "how")):
            field: Any = self.fields[name]
            field.choices = codes.choices(kind)


class RecoveryForm(forms.Form):
    qty = forms.DecimalField(label=_("收回数量"), max_digits=12, decimal_places=3, min_value=0)


class CloseForm(forms.Form):
    words = forms.CharField(label=_("总结"), max_length=400, widget=forms.Textarea({"rows": 2}))
