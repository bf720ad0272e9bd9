"""What the identity desk chooses when two records may be one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MERGE_WORDS = [
    ("unknown_named", _("无名氏已查明身份")),
    ("registered_twice", _("同一人重复建档")),
    ("document_shown", _("补交证件后发现已有档案")),
    ("moved_in", _("旧系统迁入的重复档案")),
]
UNMERGE_WORDS = [("two_people", _("核实是两个人")), ("wrong_pair", _("选错了档案"))]


class Blamed(forms.Form):
    def blame(self, refusal: Any) -> None:
        """Put a refusal beside the field that it names."""
        field = getattr(refusal, "field", None)
        self.add_error(field if field in self.fields else None, str(refusal))


class MergeForm(Blamed):
    """Which of two records stands for the person, and why they are one."""

    survivor = forms.TypedChoiceField(label=_("保留哪一份"), coerce=int, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("合并原因"), choices=[("", "—"), *MERGE_WORDS])
    words = forms.CharField(
        label=_("说明"), max_length=200, required=False, help_text=_("性别或出生日期不同时必须写明依据")
    )

    def __init__(self, *args: Any, records: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        survivor: Any = self.fields["survivor"]
        survivor.choices = records


class UnmergeForm(Blamed):
    reason = forms.ChoiceField(label=_("撤销原因"), choices=[("", "—"), *UNMERGE_WORDS])
    words = forms.CharField(label=_("依据"), max_length=200)
