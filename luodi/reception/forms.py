"""What is typed at the desk and at triage. The forms bound and label; what holds is decided by the actions."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.chart.wording import written_unit
from luodi.patients.forms import SEX_WORDS, IdentityForm
from luodi.trust import people

from . import policy, vitals

PARTS = [("am", _("上午")), ("pm", _("下午")), ("night", _("夜间")), ("day", _("全天"))]


WEEKDAYS = [
    (1, _("星期一")),
    (2, _("星期二")),
    (3, _("星期三")),
    (4, _("星期四")),
    (5, _("星期五")),
    (6, _("星期六")),
    (7, _("星期日")),
]


def _priorities() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in reversed(policy.priorities().values())]


def _reasons() -> list[tuple[str, str]]:
    return [("", "—"), *((each.code, each.name) for each in policy.cancel_reasons().values())]


class Blamed(forms.Form):
    """A form that puts a refusal beside the field that it names."""

    def blame(self, refusal: Any) -> None:
        field = getattr(refusal, "field", None)
        words = str(refusal.message) if field in self.fields else str(refusal)
        self.add_error(field if field in self.fields else None, words)


class PlaceForm(Blamed):
    """Where to register or book: `place` is s<session>, u<unit> or a<session>, see offers.py."""

    place = forms.CharField(label=_("出诊"), max_length=20)
    priority = forms.ChoiceField(label=_("优先类别"), required=False)
    beyond = forms.CharField(label=_("超过手机号限制的理由"), max_length=200, required=False)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone_full = False  # the telephone has its most: the desk may say why one more
        self.fields["place"].error_messages["required"] = _("请选择一个出诊。")
        self.fields["priority"].choices = _priorities()  # type: ignore[attr-defined]

    def blame(self, refusal: Any) -> None:
        self.phone_full = getattr(refusal, "code", "") == "phone_open_most"
        super().blame(refusal)


class NewForm(PlaceForm, IdentityForm):
    """A new identity and its place in one. `another`: pks of likely duplicates that the clerk set aside, as shown."""

    another = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_no"].widget.attrs |= {"autocomplete": "off", "data-first": ""}

    blame = PlaceForm.blame


class UnknownForm(Blamed):
    sex = forms.ChoiceField(label=_("性别"), choices=SEX_WORDS, initial="0", widget=forms.RadioSelect)
    unit = forms.TypedChoiceField(label=_("急诊科室"), coerce=int)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit.pk, unit.name) for unit in people.units("emergency")]  # type: ignore[attr-defined]


class CancelForm(Blamed):
    reason = forms.ChoiceField(label=_("退号原因"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _reasons()  # type: ignore[attr-defined]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class RosterForm(Blamed):
    """Who sees patients where, and how many."""

    unit = forms.TypedChoiceField(label=_("科室"), coerce=int)
    doctor = forms.TypedChoiceField(label=_("医师"), coerce=int)
    part = forms.ChoiceField(label=_("时段"), choices=PARTS)
    room = forms.CharField(label=_("诊室"), max_length=40)
    capacity = forms.IntegerField(label=_("限额"), min_value=1, max_value=500, initial=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctors = people.in_post("doctor")
        names = people.names(doctors)
        self.fields["unit"].choices = [(unit.pk, unit.name) for unit in people.units("clinic")]  # type: ignore[attr-defined]
        self.fields["doctor"].choices = [(pk, names[pk]) for pk in doctors if pk in names]  # type: ignore[attr-defined]


class SessionForm(RosterForm):
    """Open a session."""

    date = _day(_("日期"))
    field_order = ("unit", "doctor", "date")


class TemplateForm(RosterForm):
    """Plan a session of every week; slots kept for a channel are part of the capacity."""

    weekday = forms.TypedChoiceField(label=_("星期"), coerce=int, choices=WEEKDAYS)
    reserved_window = forms.IntegerField(label=_("窗口预留"), min_value=0, max_value=500, required=False)
    reserved_kiosk = forms.IntegerField(label=_("自助机预留"), min_value=0, max_value=500, required=False)
    reserved_portal = forms.IntegerField(label=_("手机预留"), min_value=0, max_value=500, required=False)
    valid_from = _day(_("开始日期"))
    field_order = ("unit", "doctor", "weekday")


class EndTemplateForm(Blamed):
    last = _day(_("最后一天"))


class ArriveForm(Blamed):
    priority = forms.ChoiceField(label=_("优先类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].choices = _priorities()  # type: ignore[attr-defined]


class CancelAppointmentForm(Blamed):
    reason = forms.ChoiceField(label=_("取消原因"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _reasons()  # type: ignore[attr-defined]


class LiftForm(Blamed):
    reason = forms.CharField(label=_("解除理由"), max_length=200)


class AddOnForm(Blamed):
    """One of the doctor's own sessions."""

    session = forms.TypedChoiceField(label=_("出诊"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, sessions: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = dict(PARTS)
        self.fields["session"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{row.date:%m-%d} {parts[row.part]} · {row.unit_name} · {row.taken}/{row.capacity}")
            for row in sessions
        ]


class GreenForm(Blamed):
    kind = forms.ChoiceField(label=_("绿色通道"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = policy.green_channels().values()
        self.fields["kind"].choices = [(kind.code, kind.name) for kind in kinds]  # type: ignore[attr-defined]


class PointForm(Blamed):
    """A time point; without a time it is now. Times before the arrival are yesterday's and refused."""

    point = forms.CharField(max_length=20)
    at = forms.TimeField(label=_("时间"), required=False, error_messages={"invalid": _("时间请写成 14:05。")})


class EndGreenForm(Blamed):
    reason = forms.ChoiceField(label=_("结束原因"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = [(end.code, end.name) for end in policy.green_ends().values()]
        self.fields["reason"].choices = [("", "—"), *ends]  # type: ignore[attr-defined]


class ResizeForm(Blamed):
    capacity = forms.IntegerField(label=_("限额"), min_value=1, max_value=500)


class StopForm(Blamed):
    reason = forms.CharField(label=_("停诊原因"), max_length=200)


def _places(targets: Any) -> list[tuple[int, str]]:
    """Choices of sessions: doctor, part, room."""
    parts = dict(PARTS)
    return [(card.pk, f"{card.doctor_name} · {parts[card.part]} · {card.room}") for card, _waiting in targets]


class TransferForm(Blamed):
    """One patient to another session of the unit. targets: (session, how many wait there)."""

    session = forms.TypedChoiceField(label=_("转到"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = [  # type: ignore[attr-defined]
            (pk, format_lazy(_("{place} · 候诊 {n} 位"), place=words, n=waiting))
            for (pk, words), (_card, waiting) in zip(_places(targets), targets, strict=True)
        ]
        self.fields["session"].error_messages["required"] = _("请选择转到哪位医师。")


class ShareForm(Blamed):
    """How a queue is shared out: every n-th who waits, to these sessions in turn."""

    every = forms.TypedChoiceField(label=_("移动"), coerce=int)
    to = forms.TypedMultipleChoiceField(label=_("分给"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, targets: Any, stopped: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [(1, _("全部"))]
        some = [(n, format_lazy(_("每 {n} 位移 1 位"), n=n)) for n in (2, 3, 4, 5)]
        self.fields["every"].choices = everybody + some if stopped else some + everybody  # type: ignore[attr-defined]
        self.fields["to"].choices = _places(targets)  # type: ignore[attr-defined]
        self.fields["to"].error_messages["required"] = _("请选择分给哪些医师。")


class SplitForm(Blamed):
    """Each patient of a queue with the session that they go to; "" stays. rows: queries.QueueRow."""

    def __init__(self, *args: Any, rows: Any, targets: Any, plan: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        choices = [("", _("不动")), *_places(targets)]
        for row in rows:
            self.fields[f"to-{row.ticket}"] = forms.TypedChoiceField(
                label=str(row.number), choices=choices, coerce=int, required=False, empty_value=None,
                initial=plan.get(row.ticket, ""),
            )  # fmt: skip

    def clean(self) -> Any:
        data = super().clean()
        named = [name for name in self.data if name.startswith("to-") and self.data[name]]
        if not self.errors and set(named) - set(self.fields):
            raise forms.ValidationError(_("名单里有人已不在这个队列里等候，谁都没有移动。请核对后再分流。"))
        if not self.errors and not self.moves():
            raise forms.ValidationError(_("没有选择任何患者。"))
        return data

    def moves(self) -> dict[int, int]:
        """ticket → session of those who go."""
        chosen = ((row.ticket, self.cleaned_data.get(f"to-{row.ticket}")) for row in self.rows)
        return {ticket: session for ticket, session in chosen if session}

    def lines(self) -> list[tuple[Any, Any]]:
        """Each row with its bound field."""
        return [(row, self[f"to-{row.ticket}"]) for row in self.rows]


class EventForm(Blamed):
    what = forms.CharField(label=_("事件"), max_length=80, help_text=_("如：高速路多车相撞"))
    expected = forms.IntegerField(label=_("预计伤员"), min_value=3, max_value=500, initial=3)


class TagForm(Blamed):
    """A victim's tag and the colour of the button that was pressed."""

    tag = forms.CharField(label=_("伤票"), max_length=80)
    colour = forms.CharField(label=_("颜色"), max_length=8, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEX_WORDS, initial="0", required=False, widget=forms.RadioSelect)
    place = forms.CharField(label=_("在哪里"), max_length=40, required=False)
    idempotency = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].error_messages["required"] = _("请扫描伤票。")
        self.fields["tag"].widget.attrs |= {"autocomplete": "off", "data-first": "", "data-scan-target": "T"}


class TriageForm(Blamed):
    """One assessment: signs that may stay empty (unknown), the complaint, the level that the nurse confirms."""

    complaint_code = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    complaint = forms.CharField(label=_("主诉"), max_length=500, required=False)
    consciousness = forms.ChoiceField(
        label=_("意识"), required=False, choices=[("", _("未评估")), *vitals.AVPU.items()]
    )
    level = forms.TypedChoiceField(label=_("确认级别"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("与建议不同的理由"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scheme = policy.levels().values()
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (each.level, f"{'ⅠⅡⅢⅣ'[each.level - 1]} {each.name}") for each in scheme
        ]
        for name, sign in vitals.SIGNS.items():
            self.fields[name] = forms.CharField(
                label=f"{sign.label} {vitals.SCALES.get(name) or written_unit(sign.unit)}",
                required=False,
                max_length=12,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )
        self.order_fields(["complaint", *vitals.SIGNS, "consciousness", "level", "reason"])

    def readings(self) -> dict[str, str]:
        """What was typed, as far as it goes; a form with errors still suggests."""
        return {
            name: self.data.get(name, "").strip() for name in (*vitals.SIGNS, "consciousness") if self.data.get(name)
        }

    def signs(self) -> list[Any]:
        """The bound fields of the measured signs, in the order in which they are taken."""
        return [self[name] for name in vitals.SIGNS]
