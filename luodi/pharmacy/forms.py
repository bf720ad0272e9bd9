"""Forms of the pharmacy. Scanned codes travel in the body of a form, never in an address."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from luodi.advice.amounts import text
from luodi.chart.codes import VISIT_CLASSES
from luodi.controlled.forms import MaybeSecondForm, ShownForm
from luodi.patients.forms import ScannedField
from luodi.pharmacy import coding, owing, reasons, taking
from luodi.pharmacy.actions.dispensing import IDENTIFIERS, UNDO_REASONS
from luodi.pharmacy.actions.passing import CLASSES, OLDEST
from luodi.pharmacy.queries import PartLine
from luodi.pharmacy.reasons import OUTCOMES

SCAN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-first": ""}


class RevForm(forms.Form):
    """A step on the row that the person saw."""

    rev = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PrepareForm(RevForm, MaybeSecondForm):
    """Preparing; of controlled drugs by two."""


class PartForm(PrepareForm):
    """Preparing what is there: a quantity for each line of which something is due."""

    def __init__(self, *args: Any, lines: Sequence[PartLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for each in lines:
            self.fields[f"part-{each.line.pk}"] = forms.DecimalField(
                label=_("本次发出"), min_value=0, max_value=each.left, max_digits=12, decimal_places=3,
                initial=text(each.offered),
                widget=forms.NumberInput(attrs={"step": "any", "aria-label": each.line.generic}),
            )  # fmt: skip

    def part(self) -> dict[int, Decimal]:
        """Line pk → quantity."""
        return {each.line.pk: self.cleaned_data[f"part-{each.line.pk}"] for each in self.lines}

    def rows(self) -> list[tuple[PartLine, Any]]:
        """Each line beside its field."""
        return [(each, self[f"part-{each.line.pk}"]) for each in self.lines]


class TraceForm(forms.Form):
    """One traceability code, and which package it stands on."""

    trace = ScannedField(
        label=_("扫描药品追溯码"),
        required=False,
        widget=forms.TextInput(attrs=SCAN | {"data-scan-target": "8", "data-scan-submit": "", "inputmode": "numeric"}),
    )
    package = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AbsentForm(forms.Form):
    """Why a package has no code."""

    package = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("没有追溯码的原因"), choices=[("", _("没有追溯码的原因")), *coding.ABSENT.items()]
    )


class DayForm(forms.Form):
    """The day that a list shows."""

    day = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class TakeBackForm(forms.Form):
    """What of a package comes back at the window: a quantity of each lot, why, and in what state."""

    reason = forms.ChoiceField(label=_("退药原因"))
    intact = forms.BooleanField(label=_("未拆封，标签完好"), required=False)

    def __init__(self, *args: Any, left: Sequence[tuple[Any, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        named = taking.reasons(taking.WINDOW)
        self.fields["reason"].choices = [("", "—"), *((code, row.named.name) for code, row in named.items())]  # type: ignore[attr-defined]
        for lot, qty in left:
            self.fields[f"lot-{lot.lot}"] = forms.DecimalField(
                label=_("退回数量"), min_value=0, max_value=qty, max_digits=12, decimal_places=3, initial=text(qty),
                widget=forms.NumberInput(attrs={"step": "any", "aria-label": lot.lot_no}),
            )  # fmt: skip

    def goods(self) -> dict[int, Decimal]:
        """Lot → quantity."""
        return {lot.lot: self.cleaned_data[f"lot-{lot.lot}"] for lot, _qty in self.left}

    def rows(self) -> list[tuple[Any, Decimal, Any]]:
        """Each lot, what is left of it, and its field."""
        return [(lot, qty, self[f"lot-{lot.lot}"]) for lot, qty in self.left]


class JudgeForm(forms.Form):
    """质量判定."""

    outcome = forms.ChoiceField(label=_("质量判定"), choices=list(taking.OUTCOMES.items()), widget=forms.RadioSelect)
    words = forms.CharField(label=_("判定说明"), max_length=200, required=False)


class EndDebtForm(RevForm):
    """Why what is owed is not given any more."""

    reason = forms.ChoiceField(label=_("结清原因"), choices=[("", "—"), *owing.ENDS.items()])


class ReturnForm(RevForm):
    """Return to the doctor: at least one coded reason, and words where the code alone says too little."""

    reasons = forms.MultipleChoiceField(
        label=_("退回原因"),
        choices=lambda: [(r.code, r.name) for r in reasons.all_reasons()],
        error_messages={"required": _("退回须选择至少一项原因。")},
    )
    text = forms.CharField(
        label=_("给医师的说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def grouped(self) -> list[tuple[Any, list[tuple[Any, bool]]]]:
        """Reasons under their kind, each with whether it is chosen."""
        chosen = set(cast(QueryDict, self.data).getlist("reasons")) if self.is_bound else set()
        return [
            (label, [(r, r.code in chosen) for r in reasons.all_reasons() if r.kind == kind])
            for kind, label in reasons.KINDS.items()
        ]


class CallForm(forms.Form):
    """A call to the prescriber."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择联系的结果。")},
    )
    text = forms.CharField(
        label=_("通话要点"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RuleForm(forms.Form):
    """自动通过: what the program may pass from now on."""

    on = forms.BooleanField(label=_("启用自动通过"), required=False)
    classes = forms.MultipleChoiceField(
        label=_("就诊类别"), choices=[(code, VISIT_CLASSES[code]) for code in CLASSES], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    youngest = forms.IntegerField(label=_("最小年龄（岁）"), min_value=0, max_value=OLDEST, initial=18)
    oldest = forms.IntegerField(label=_("最大年龄（岁）"), min_value=0, max_value=OLDEST, initial=64)
    most_drugs = forms.IntegerField(label=_("最多药品种数"), min_value=1, max_value=5, initial=5)
    told = forms.BooleanField(label=_("允许有“提示”级发现"), required=False)
    antibiotics = forms.BooleanField(label=_("允许含抗菌药物"), required=False)
    high_alert = forms.BooleanField(label=_("允许含高警示药品"), required=False)
    reason = forms.CharField(label=_("原因与依据"), max_length=200)


class SupplyReturnForm(RevForm):
    """Return from the dispensing desk: the pharmacy's own reasons."""

    reasons = forms.ChoiceField(
        label=_("退回原因"),
        choices=lambda: [(r.code, r.name) for r in reasons.all_reasons() if r.kind == "supply"],
    )

    text = forms.CharField(
        label=_("给医师的说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_reasons(self) -> list[str]:
        return [self.cleaned_data["reasons"]]


class ScanForm(forms.Form):
    """One scanned package."""

    code = ScannedField(
        label=_("扫描药品包装"),
        widget=forms.TextInput(attrs=SCAN | {"data-scan-target": "", "data-scan-submit": ""}),
    )


class HandForm(RevForm, ShownForm):
    """Handing to a patient: which identifiers were asked aloud."""

    asked = forms.MultipleChoiceField(
        label=_("已询问并核对"),
        choices=list(IDENTIFIERS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("请患者自己说出，至少两项。床号不算身份信息。"),
    )


class UndoForm(RevForm, MaybeSecondForm):
    """Why a preparation is undone."""

    reason = forms.ChoiceField(label=_("退回调配的原因"), choices=[("", "—"), *UNDO_REASONS.items()])


class WindowForm(forms.Form):
    """How far ahead a batch reaches."""

    hours = forms.ChoiceField(
        label=_("给药时间"), required=False, initial="24",
        choices=[("8", _("8 小时内")), ("24", _("24 小时内")), ("48", _("48 小时内")), ("", _("全部"))],
    )  # fmt: skip

    def within(self) -> int | None:
        """Hours, None for everything."""
        if not self.is_bound or not self.is_valid():
            return 24
        return int(self.cleaned_data["hours"]) if self.cleaned_data["hours"] else None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class BatchForm(forms.Form):
    """The prescriptions chosen of a batch, each as it was seen: `pk-rev`."""

    chosen = forms.Field(widget=forms.MultipleHiddenInput, error_messages={"required": _("请至少选择一张处方。")})

    def clean_chosen(self) -> list[tuple[int, int]]:
        pairs = [value.split("-") for value in self.cleaned_data["chosen"][:500]]
        if not all(len(pair) == 2 and all(_is_key(part) for part in pair) for pair in pairs):
            raise forms.ValidationError(_("请至少选择一张处方。"))
        return [(int(rx), int(rev)) for rx, rev in pairs]
