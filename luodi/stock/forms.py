"""Forms of the store. Scanned codes travel in the body of a form, never in an address."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.patients.forms import BoundedField
from luodi.stock import figures
from luodi.stock.actions import Arrived
from luodi.stock.models import Count

SCAN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-first": ""}


class RevForm(forms.Form):
    """A step on the row that the person saw."""

    rev = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


def _quantity(label: Any, least: Decimal = Decimal(0), **extra: Any) -> forms.DecimalField:
    field = forms.DecimalField(label=label, min_value=least, max_digits=10, decimal_places=3, **extra)
    field.widget.attrs |= {"inputmode": "decimal", "step": "any", "autocomplete": "off", "data-first": ""}
    return field


class BoxForm(forms.Form):
    """A box to receive: scanned, or a drug to search for."""

    code = BoundedField(
        label=_("扫描药盒条码，或输入药名、拼音首字母、药品代码"),
        widget=forms.TextInput(attrs=SCAN | {"data-scan-target": "", "data-scan-submit": "", "data-key": "/"}),
    )


class ReceiptForm(forms.Form):
    """Goods of one lot."""

    medicine = forms.CharField(max_length=16, widget=forms.HiddenInput)
    product = forms.CharField(max_length=14, required=False, widget=forms.HiddenInput)
    lot_no = forms.CharField(label=_("批号"), max_length=32)
    expiry = forms.DateField(label=_("有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    qty = _quantity(_("数量"), Decimal("0.001"))
    place = forms.CharField(label=_("货位"), max_length=16, required=False)


class CountForm(RevForm):
    """A blind count."""

    counted = _quantity(_("实点数量"), help_text=_("先数实物再填写；这里不显示账面数量。"))
    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[
            (Count.Reason.ROUTINE, _("例行盘点")),
            (Count.Reason.MISCOUNTED, _("上次数错")),
            (Count.Reason.DAMAGED, _("破损报废")),
            (Count.Reason.EXPIRED, _("过期报废")),
            (Count.Reason.LOST, _("丢失")),
            (Count.Reason.FOUND, _("找回")),
        ],
    )
    text = forms.CharField(label=_("说明"), max_length=200, required=False)
    login = forms.CharField(
        label=_("审批人工号"), max_length=40, required=False, help_text=_("与账面不符时，另一位有库存审批权的人输入。")
    )
    password = forms.CharField(
        label=_("审批人密码"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        """`approver`: login and password, None where nobody was named."""
        given = super().clean() or self.cleaned_data
        login, password = given.pop("login", "").strip(), given.pop("password", "")
        return given | {"approver": (login, password) if login else None}


class ChangeForm(RevForm):
    """Quarantine, release or recall of a lot."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class MinimumForm(forms.Form):
    """The least stock wanted."""

    least = _quantity(_("最低库存"))


class InspectionForm(forms.Form):
    """A delivery: its invoice, and the second inspector where one is asked for."""

    invoice = forms.CharField(label=_("发票号"), max_length=40, required=False)
    login = forms.CharField(label=_("第二验收人工号"), max_length=40, required=False)
    password = forms.CharField(
        label=_("第二验收人密码"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def second(self) -> tuple[str, str] | None:
        """Login and password, None where nobody was named."""
        login = self.cleaned_data["login"].strip()
        return (login, self.cleaned_data["password"]) if login else None


class ArrivedForm(forms.Form):
    """One lot of a delivery. A row without a lot number has not come."""

    lot_no = forms.CharField(label=_("批号"), max_length=32, required=False)
    produced = forms.DateField(label=_("生产日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    expiry = forms.DateField(label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    qty = _quantity(_("到货"), required=False)
    accepted = _quantity(_("合格"), required=False)
    price = forms.DecimalField(label=_("单价（元）"), min_value=0, max_digits=12, decimal_places=4, required=False)
    certificate = forms.CharField(label=_("检验报告号"), max_length=40, required=False)
    warmest = forms.DecimalField(label=_("运输温度（°C）"), max_digits=4, decimal_places=1, required=False)
    packaging = forms.BooleanField(label=_("包装完好"), required=False)
    place = forms.CharField(label=_("货位"), max_length=16, required=False)
    reason = forms.ChoiceField(label=_("拒收原因"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.choices = [("", "—"), *((each.code, each.name) for each in figures.reject_reasons())]
        for name in ("qty", "accepted"):
            self.fields[name].widget.attrs.pop("data-first", None)

    def came(self) -> bool:
        """Whether this lot arrived."""
        return bool(self.cleaned_data.get("lot_no"))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("lot_no"):
            for name in ("expiry", "qty", "accepted", "price"):
                if found.get(name) is None and name not in self.errors:
                    self.add_error(name, _("这一行填了批号，这里也要填。"))
        return found

    def arrived(self, medicine: str) -> Arrived:
        """As the act takes it."""
        return Arrived(medicine=medicine, **self.cleaned_data)
