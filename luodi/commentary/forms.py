"""Forms of the commentary."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.commentary import queries, tables
from luodi.commentary.actions.publishing import PURPOSES
from luodi.commentary.typed import Given, Unreadable, read
from luodi.trust import clock, people


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"} | more, format="%Y-%m-%d"))


class PeriodForm(forms.Form):
    """Whole days; begins with the last whole month."""

    first = _day(_("第一天"))
    last = _day(_("最后一天"))

    @staticmethod
    def last_month() -> dict[str, Any]:
        end = clock.today().replace(day=1) - timedelta(days=1)
        return {"first": end.replace(day=1), "last": end}

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("first") and typed.get("last") and typed["first"] > typed["last"]:
            self.add_error("last", _("最后一天不能早于第一天"))
        return typed


class DrawForm(PeriodForm):
    """Which sample to draw; doctor or department for the kinds that ask for one."""

    kind = forms.ChoiceField(label=_("样本"), widget=forms.Select(attrs={"data-first": ""}))
    staff = forms.TypedChoiceField(label=_("医师"), coerce=int, required=False)
    unit = forms.TypedChoiceField(label=_("科室"), coerce=int, required=False)
    field_order = ["kind", "first", "last", "staff", "unit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = [(kind.code, kind.name) for kind in tables.kinds().values()]
        names = people.names(people.who_may("prescription.sign"))
        fields["staff"].choices = [("", _("不指定")), *sorted(names.items(), key=lambda pair: pair[1])]
        fields["unit"].choices = [("", _("不指定")), *((unit.pk, unit.name) for unit in people.units())]

    @property
    def scope(self) -> int:
        """The doctor or unit that the chosen kind asks for; what it does not ask for is left out."""
        asked = tables.kinds()[self.cleaned_data["kind"]].scope
        return self.cleaned_data[asked] or 0 if asked else 0


class AssignForm(forms.Form):
    """Who comments."""

    staff = forms.TypedMultipleChoiceField(
        label=_("点评药师"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一位")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["staff"]
        chosen.choices = queries.commentators()


def _words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **more)


class CommentForm(forms.Form):
    """Codes typed by hand or ticked in the list; none of either is reasonable."""

    codes = forms.CharField(
        label=_("问题代码"),
        required=False,
        max_length=200,
        help_text=_("如 2-5/1 1-10：斜杠后是药品行号，不写行号指整张处方；留空为合理"),
        widget=forms.TextInput(attrs={"data-first": "", "autocomplete": "off", "spellcheck": "false", "data-key": "/"}),
    )
    ticked = forms.MultipleChoiceField(label=_("代码表"), required=False)
    text = _words(_("说明"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["ticked"]
        chosen.choices = [(item.code, item.name) for item in tables.items(clock.today())]

    def clean_codes(self) -> list[Given]:
        try:
            return read(self.cleaned_data["codes"])
        except Unreadable as part:
            raise forms.ValidationError(_("看不懂：%(part)s"), params={"part": str(part)}) from None

    @property
    def given(self) -> list[Given]:
        """Typed and ticked together; what is typed with a line is not taken once more for the whole."""
        typed = self.cleaned_data["codes"]
        known = {item.code for item in typed}
        return [*typed, *(Given(code, 0) for code in self.cleaned_data["ticked"] if code not in known)]


class StateForm(forms.Form):
    """The doctor's reason."""

    text = _words(_("说明或异议理由"), required=False)


class RuleForm(CommentForm):
    """The final codes, and why."""

    text = _words(_("裁定理由"))


class DecideForm(forms.Form):
    """What the head of medical affairs decides."""

    accepted = forms.TypedChoiceField(
        label=_("决定"),
        coerce=lambda value: value == "1",
        choices=[("1", _("采纳建议")), ("0", _("不采纳"))],
        widget=forms.RadioSelect,
    )
    reason = _words(_("理由"))


class VolumesForm(PeriodForm):
    """Prescribing by doctor: which days, and what for."""

    purpose = forms.ChoiceField(label=_("用途"), choices=[("", "—"), *PURPOSES.items()])
