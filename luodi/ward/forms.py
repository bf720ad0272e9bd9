"""Forms of the ward. Scanned codes travel in hidden fields of the form, never in an address."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.chart.types import Obs
from luodi.patients.forms import ScannedField
from luodi.pharmacy import taking

from . import reasons, vitals
from .models import Outcome

CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-first": ""}


class ScanForm(forms.Form):
    """One scan: a wristband or a package, told apart by the code itself."""

    code = ScannedField(
        label=_("扫描腕带或药包"),
        required=False,
        widget=forms.TextInput(attrs=CODE | {"data-scan-target": "", "data-scan-submit": ""}),
    )
    wristband = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    package = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)


class PackageForm(forms.Form):
    """One scanned package."""

    code = ScannedField(
        label=_("扫描药包"), widget=forms.TextInput(attrs=CODE | {"data-scan-target": "", "data-scan-submit": ""})
    )


class GiveBackForm(forms.Form):
    """Why a package goes back to the pharmacy."""

    reason = forms.ChoiceField(
        label=_("退药原因"),
        choices=lambda: [("", "—"), *((c, r.named.name) for c, r in taking.reasons(taking.WARD).items())],
    )
    intact = forms.BooleanField(label=_("未拆封，标签完好"), required=False)


class GiveForm(forms.Form):
    """What giving asks for besides the scans; fields that this dose does not need are left out by `needing`."""

    wristband = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    package = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    unscanned_reason = forms.ChoiceField(label=_("没有扫描的原因"), required=False)
    timing_reason = forms.ChoiceField(label=_("不在给药时间内的原因"), required=False)
    witness_login = forms.CharField(
        label=_("核对人工号"),
        max_length=40,
        required=False,
        help_text=_("高警示药品：请第二位护士核对并输入自己的工号和密码"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    witness_password = forms.CharField(
        label=_("核对人密码"),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    @classmethod
    def needing(cls, data: Any, *, scans: bool, timing: str, witness: bool, **rest: Any) -> "GiveForm":
        """The form of one dose: `scans` both done, `timing` later|due|overdue, `witness` wanted."""
        form = cls(data, **rest)
        kind = {"later": "early", "overdue": "late"}.get(timing, "")
        _offer(form, "unscanned_reason", "" if scans else "unscanned")
        _offer(form, "timing_reason", kind)
        if not witness:
            del form.fields["witness_login"], form.fields["witness_password"]
        return form


class LeaveForm(forms.Form):
    """Held, refused or not done: one list of coded reasons in three groups; the choice names both."""

    wristband = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    why = forms.ChoiceField(label=_("没有给药的原因"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (outcome.label, [(f"{outcome}:{code}", name) for code, name in reasons.choices(outcome)])
            for outcome in (Outcome.HELD, Outcome.REFUSED, Outcome.MISSED)
        ]
        _choices(self, "why", groups)

    def chosen(self) -> tuple[str, str]:
        """(outcome, reason code)"""
        outcome, _colon, reason = self.cleaned_data["why"].partition(":")
        return outcome, reason


class ReturnForm(forms.Form):
    """护士退回: a coded reason."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("退回原因"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "reason", reasons.choices("returned"))


class RevForm(forms.Form):
    """An act on a prescription that asks for nothing but the state that the person saw."""

    rev = forms.IntegerField(widget=forms.HiddenInput)


class ReceiptForm(forms.Form):
    """病区接收: scan after scan, the codes so far in `scanned`, one a line."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    scanned = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    code = ScannedField(
        label=_("扫描药包"),
        required=False,
        widget=forms.TextInput(attrs=CODE | {"data-scan-target": "", "data-scan-submit": ""}),
    )


class SeekForm(forms.Form):
    """Who is to come from the emergency department."""

    text = forms.CharField(
        label=_("从急诊接收：扫描腕带，或输入姓名、拼音首字母、病案号"),
        max_length=80,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "data-scan-target": "W", "data-scan-submit": ""}
        ),
    )


class PlaceForm(forms.Form):
    """Which patient goes to the bed. `text` is what was sought, so that the answer names the same patients."""

    text = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    encounter = forms.TypedChoiceField(label=_("患者"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["encounter"]).choices = candidates


class ReleaseForm(forms.Form):
    """离床 asks nothing but to be meant."""


class VitalsForm(forms.Form):
    """One set of vital signs. An empty field is not measured, never zero."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, title in zip(vitals.MEASURED, vitals.titles(), strict=True):
            self.fields[code] = forms.DecimalField(
                label=title,
                required=False,
                max_digits=6,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            )
        self.fields[vitals.AVPU] = _choice(_("意识"), vitals.CONSCIOUSNESS)
        self.fields[vitals.OXYGEN] = _choice(_("吸氧"), vitals.BREATHING)
        next(iter(self.fields.values())).widget.attrs["data-first"] = ""

    def readings(self) -> list[Obs]:
        """What was filled in, in UCUM units."""
        given = {code: value for code, value in self.cleaned_data.items() if value not in (None, "")}
        return [
            Obs(code, Decimal(value), vitals.MEASURED[code][1]) if code in vitals.MEASURED else Obs(code, coded=value)
            for code, value in given.items()
        ]


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("未评估")), *choices])


def _choices(form: forms.Form, field: str, choices: list[Any]) -> None:
    cast(forms.ChoiceField, form.fields[field]).choices = [("", _("请选择")), *choices]


def _offer(form: forms.Form, field: str, kind: str) -> None:
    if kind:
        _choices(form, field, reasons.choices(kind))
    else:
        del form.fields[field]
