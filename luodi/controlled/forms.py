"""Forms of the room. Each act of two carries the second person's own login and password in the body of the form."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.controlled.actions.empties import HOWS
from luodi.controlled.actions.reckoning import REASONS
from luodi.controlled.models import Reconciliation
from luodi.controlled.register import UNRETURNED, Shown

CLOSED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class SecondForm(forms.Form):
    """The second person, at the screen of the first."""

    second_login = forms.CharField(
        label=_("第二人工号"), max_length=40, widget=forms.TextInput(attrs=CLOSED),
        help_text=_("麻精药品由两人办理：请第二人在此输入自己的工号和密码"),
    )  # fmt: skip
    second_password = forms.CharField(
        label=_("第二人密码"), max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    second_code = forms.CharField(
        label=_("第二人动态口令"), max_length=10, required=False, help_text=_("设有动态口令的人员填写"),
        widget=forms.TextInput(attrs=CLOSED | {"inputmode": "numeric"}),
    )  # fmt: skip

    def second(self) -> tuple[str, str, str]:
        """Login, password and code as `two.countersigned` takes them."""
        given = self.cleaned_data
        return given["second_login"], given["second_password"], given["second_code"]


class MaybeSecondForm(SecondForm):
    """The same where the act itself knows whether it asks for two: nothing is required here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("second_login", "second_password"):
            self.fields[name].required = False


def _whole(label: Any, least: int = 0, **extra: Any) -> forms.IntegerField:
    field = forms.IntegerField(label=label, min_value=least, max_value=100_000, **extra)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
    return field


def _quantity(label: Any, least: Decimal = Decimal(0), **extra: Any) -> forms.DecimalField:
    field = forms.DecimalField(label=label, min_value=least, max_digits=10, decimal_places=3, **extra)
    field.widget.attrs |= {"inputmode": "decimal", "step": "any", "autocomplete": "off"}
    return field


class ReceiveForm(SecondForm):
    """Goods of one lot of a controlled drug."""

    field_order = ("medicine", "lot_no", "expiry", "qty", "place", "document", "supplier")
    medicine = forms.ChoiceField(label=_("药品"), widget=forms.Select(attrs={"data-first": ""}))
    lot_no = forms.CharField(label=_("批号"), max_length=32)
    expiry = forms.DateField(label=_("有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    qty = _quantity(_("数量"), Decimal("0.001"))
    place = forms.CharField(label=_("货位"), max_length=16, required=False)
    document = forms.CharField(label=_("凭证号"), max_length=64)
    supplier = forms.CharField(label=_("来源"), max_length=64)


class EmptyForm(SecondForm):
    """Empties that come back."""

    field_order = ("lot_no", "qty")
    lot_no = forms.CharField(
        label=_("空安瓿或废贴上的批号"), max_length=32, widget=forms.TextInput(attrs=CLOSED | {"data-first": ""})
    )
    qty = _whole(_("回收数量"), 1)


class DestroyForm(SecondForm):
    """Empties that are destroyed."""

    field_order = ("qty", "how")
    qty = _whole(_("销毁数量"), 1)
    how = forms.ChoiceField(label=_("销毁方式"), choices=[("", "—"), *HOWS.items()])


class ResidueForm(SecondForm):
    """What is left of an ampoule."""

    field_order = ("how",)
    how = forms.ChoiceField(
        label=_("销毁方式"), choices=[("", "—"), *HOWS.items()], widget=forms.Select(attrs={"data-first": ""})
    )


class ReconcileForm(SecondForm):
    """A blind count of every account; the fields of the accounts are made by `asking`."""

    kind = forms.ChoiceField(
        label=_("类别"),
        choices=[(Reconciliation.Kind.DAILY, _("日清日结")), (Reconciliation.Kind.HANDOVER, _("交接班"))],
        widget=forms.RadioSelect,
    )

    @classmethod
    def asking(cls, data: Any, accounts: Any, **rest: Any) -> "ReconcileForm":
        """The form of these accounts (cards with pk, seen)."""
        form = cls(data, **rest)
        form.accounts = accounts  # type: ignore[attr-defined]
        for place, card in enumerate(accounts):
            counted, empties = _quantity(_("实点数量")), _whole(_("空安瓿、废贴"))
            counted.widget.attrs |= {"aria-label": f"{card.name} {_('实点数量')}"} | (
                {} if place else {"data-first": ""}
            )
            empties.widget.attrs |= {"aria-label": f"{card.name} {_('空安瓿、废贴')}"}
            form.fields[f"counted-{card.pk}"], form.fields[f"empties-{card.pk}"] = counted, empties
            form.fields[f"seen-{card.pk}"] = forms.IntegerField(widget=forms.HiddenInput, initial=card.seen)
        return form

    def lines(self) -> list[tuple[Any, Any, Any, Any]]:
        """(account, counted, empties, seen) as bound fields."""
        return [
            (card, self[f"counted-{card.pk}"], self[f"empties-{card.pk}"], self[f"seen-{card.pk}"])
            for card in self.accounts  # type: ignore[attr-defined]
        ]


class ResolveForm(MaybeSecondForm):
    """The head ends a mismatch; what lies there may be set right."""

    field_order = ("reason", "text", "reported_to", "reported_at", "lot", "corrected", "empties")
    counted = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("原因"), choices=[("", "—"), *REASONS.items()])
    text = forms.CharField(label=_("经过和处理"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    reported_to = forms.CharField(label=_("上报对象"), max_length=60)
    reported_at = forms.DateTimeField(
        label=_("上报时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    lot = forms.ChoiceField(label=_("按实物更正的批号"), required=False)
    corrected = _quantity(_("这一批的实物数量"), required=False)
    empties = _whole(_("空安瓿、废贴的实物数量"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second_login"].help_text = _("更正数量时须由两人办理")


class ShownForm(forms.Form):
    """Documents at the window; mixed into the pharmacy's form of handing over."""

    id_no = forms.CharField(
        label=_("患者身份证明编号"), max_length=40, required=False, widget=forms.TextInput(attrs=CLOSED),
        help_text=_("加密保存，只在专册中可见"),
    )  # fmt: skip
    agent = forms.CharField(label=_("代办人姓名"), max_length=40, required=False, widget=forms.TextInput(attrs=CLOSED))
    agent_id = forms.CharField(
        label=_("代办人身份证明编号"), max_length=40, required=False, widget=forms.TextInput(attrs=CLOSED)
    )
    unreturned = forms.ChoiceField(
        label=_("上次的贴剂没有交回的原因"), required=False, choices=[("", "—"), *UNRETURNED.items()]
    )

    def shown(self) -> Shown:
        """What was asked, as the register takes it."""
        return Shown(**{name: self.cleaned_data[name] for name in ("id_no", "agent", "agent_id", "unreturned")})
