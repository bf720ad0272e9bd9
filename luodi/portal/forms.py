"""What is typed on a telephone, and at the desk about telephones. What holds is decided by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.patients.types import NewPatient

from . import policy

KINDS = [
    ("resident", _("居民身份证")),
    ("passport", _("护照")),
    ("hk_macao_permit", _("港澳居民证件")),
    ("taiwan_permit", _("台湾居民证件")),
    ("foreigner_card", _("外国人永久居留证")),
    ("birth_certificate", _("出生医学证明")),
]
SEXES = [("0", _("按身份证")), ("1", _("男")), ("2", _("女"))]
_TEL = {"inputmode": "tel", "autocomplete": "tel", "maxlength": "20"}
_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "6"}


class Blamed(forms.Form):
    """A form that puts a refusal beside the field that it names."""

    def blame(self, refusal: Any) -> None:
        field = getattr(refusal, "field", None)
        words = str(refusal.message) if field in self.fields else str(refusal)
        self.add_error(field if field in self.fields else None, words)


class PhoneForm(Blamed):
    phone = forms.CharField(label=_("手机号"), max_length=20, widget=forms.TextInput(attrs=_TEL))


class StandingForm(Blamed):
    """What a card reader types, and what only the person knows."""

    read = forms.CharField(
        label=_("请刷身份证或医保卡，也可输入证件号"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": ""}),
    )  # fmt: skip
    phone4 = forms.CharField(
        label=_("登记手机号后四位"), max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class CodeForm(Blamed):
    phone = forms.CharField(max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(label=_("验证码"), max_length=6, widget=forms.TextInput(attrs=_CODE))


class PersonForm(Blamed):
    """Somebody to act for; sex and birth date are read from a resident number."""

    relation = forms.ChoiceField(label=_("与您的关系"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=KINDS)
    id_no = forms.CharField(label=_("证件号"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    birth_date = forms.DateField(
        label=_("出生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("身份证可不填"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = [(kind.code, kind.name) for kind in policy.relations().values()]  # type: ignore[attr-defined]

    def new_patient(self) -> NewPatient:
        """What was typed; the telephone is the account's."""
        given = self.cleaned_data
        return NewPatient(
            name=given["name"], sex=given["sex"] or "0", birth_date=given["birth_date"], id_kind=given["id_kind"],
            id_no=given["id_no"],
        )  # fmt: skip


class AdmitForm(Blamed):
    """The desk admits a telephone to a record."""

    phone = forms.CharField(label=_("手机号"), max_length=20)
    relation = forms.ChoiceField(label=_("与患者的关系"))
    proof = forms.ChoiceField(label=_("已查看的证明"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = [(each.code, _OF[each.code]) for each in policy.relations().values()]  # type: ignore[attr-defined]
        proofs = policy.shown_at_the_desk().values()
        self.fields["proof"].choices = [(each.code, each.name) for each in proofs]  # type: ignore[attr-defined]


# said from the patient's side: whose telephone it is
_OF = {"self": _("患者本人"), "child": _("父母（患者未成年）"), "parent": _("子女"), "other": _("受委托人")}


class CorrectionForm(Blamed):
    wish = forms.CharField(label=_("哪一项不对，应当是什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(Blamed):
    done = forms.ChoiceField(
        label=_("处理"), choices=[("1", _("已更正")), ("0", _("不予更正"))], widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("给患者的答复"), max_length=300)


class SurveyForm(Blamed):
    """Every question 1 to 5; how likely one would recommend the hospital 0 to 10, if answered."""

    nps = forms.TypedChoiceField(
        label=_("您愿意向亲友推荐本院吗？（0 不愿意，10 非常愿意）"), coerce=int, empty_value=None, required=False,
        choices=[(number, str(number)) for number in range(11)], widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label=_("想对我们说的话"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = [(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))]
        asked = {
            f"q-{question.code}": forms.TypedChoiceField(
                label=question.name, coerce=int, choices=marks, widget=forms.RadioSelect
            )
            for question in policy.questions().values()
        }
        self.fields = asked | self.fields  # the questions come first

    @property
    def answers(self) -> dict[str, int]:
        return {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("q-")}
