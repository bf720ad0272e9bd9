"""What the identity desk types. The forms bound and label; what holds is decided by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .codes import LONGEST_SCAN, scanned
from .types import NewPatient

SEX_WORDS = [("1", _("男")), ("2", _("女")), ("0", _("未知")), ("9", _("未说明"))]
ID_KIND_WORDS = [
    ("resident", _("居民身份证")),
    ("passport", _("护照")),
    ("hk_macao_permit", _("港澳居民来往内地通行证")),
    ("taiwan_permit", _("台湾居民来往大陆通行证")),
    ("foreigner_card", _("外国人永久居留身份证")),
    ("birth_certificate", _("出生医学证明")),
    ("none", _("无证件")),
]
NO_ID_WORDS = [
    ("", "—"),
    ("forgotten", _("未携带")),
    ("newborn", _("新生儿尚未办理")),
    ("unconscious", _("昏迷或身份不明")),
    ("refused", _("拒绝出示")),
    ("none_issued", _("没有证件")),
]
BAND_WORDS = [("lost", _("腕带遗失")), ("damaged", _("腕带损坏")), ("wrong_wrist", _("戴错患者"))]


class BoundedField(forms.CharField):
    """A field that a scanner writes into: what no code of ours can be is told in a sentence and not sent back whole."""

    def clean(self, value: Any) -> str:
        if len(value or "") > LONGEST_SCAN:
            raise forms.ValidationError(
                _("扫描到的内容太长，不是这里要的条码：请对准一个条码重新扫描。"), code="too_long"
            )
        return str(super().clean(value))

    def bound_data(self, data: Any, initial: Any) -> Any:
        return (data or "")[:LONGEST_SCAN]


class ScannedField(BoundedField):
    """One of our own codes as `codes.scanned` reads it."""

    def clean(self, value: Any) -> str:
        return scanned(super().clean(value))


class SearchForm(forms.Form):
    text = forms.CharField(label=_("查找患者"), max_length=80, strip=True)


class IdentityForm(forms.Form):
    """An identity; empty fields of a correction mean "as before"."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    pinyin = forms.CharField(
        label=_("姓名拼音"), max_length=120, required=False, help_text=_("多音字姓名请核对；留空用常用读音，如 单 shan")
    )
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=ID_KIND_WORDS)
    id_no = forms.CharField(label=_("证件号"), max_length=40, required=False)
    no_id_reason = forms.ChoiceField(label=_("没有证件的原因"), choices=NO_ID_WORDS, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEX_WORDS, initial="0", widget=forms.RadioSelect)
    birth_date = forms.DateField(
        label=_("出生日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("身份证会带出，不详可留空"),
    )
    phone = forms.CharField(label=_("电话"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"}))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    insurance = forms.CharField(
        label=_("医保号"), max_length=200, required=False, help_text=_("可扫医保卡或二维码"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip

    def new_patient(self) -> NewPatient:
        return NewPatient(**{field: self.cleaned_data[field] for field in NewPatient.__slots__})

    def blame(self, refusal: Any) -> None:
        """Put a refusal beside the field that it names."""
        field = getattr(refusal, "field", None)
        self.add_error(field if field in self.fields else None, str(refusal.message))


class RegisterForm(IdentityForm):
    """`another`: pks of the likely duplicates that the clerk looked at and set aside, as shown."""

    another = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    next = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    idempotency = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_no"].widget.attrs |= {"autocomplete": "off", "data-first": ""}


class CorrectForm(IdentityForm):
    reason = forms.CharField(label=_("更正原因"), max_length=200)
    rev = forms.IntegerField(widget=forms.HiddenInput)

    _SEALED = ("id_no", "phone", "address", "insurance")

    def __init__(self, *args: Any, known: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        for field in self._SEALED:
            self.fields[field].required = False
            self.fields[field].widget.attrs["placeholder"] = getattr(known, field)
            self.fields[field].help_text = _("留空表示不改")

    def changes(self) -> dict[str, Any]:
        """Fields to change: masked ones only where something was typed."""
        typed = {field: self.cleaned_data[field] for field in NewPatient.__slots__}
        if typed["pinyin"] == self.known.card.pinyin and typed["name"] != self.known.card.name:
            typed.pop("pinyin")
        kept = set(self._SEALED) if typed["id_kind"] != "none" else {"phone", "address", "insurance"}
        return {field: value for field, value in typed.items() if value or field not in kept}


class RevealForm(forms.Form):
    field = forms.ChoiceField(
        label=_("查看哪一项"),
        choices=[("id_no", _("证件号")), ("phone", _("电话")), ("address", _("地址")), ("insurance", _("医保号"))],
    )
    reason = forms.CharField(label=_("查看原因"), max_length=200)


class BandForm(forms.Form):
    """`seen` is the code of the band that the page showed: the one that the person means."""

    replaces = forms.ChoiceField(label=_("更换原因"), choices=BAND_WORDS)
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
