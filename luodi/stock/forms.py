"""Forms of the store. Scanned codes travel in the body of a form, never in an address."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.patients.forms import BoundedField
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


class ChangeForm(RevForm):
    """Quarantine, release or recall of a lot."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class MinimumForm(forms.Form):
    """The least stock wanted."""

    least = _quantity(_("最低库存"))
