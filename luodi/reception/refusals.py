"""Every way in which this room says no."""

from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE
from luodi.trust.refusal import Refusal

from .models import Ticket, TicketEvent


class SlotTaken(Refusal):
    code = "slot_taken"
    message = _("这个出诊的号已经挂满。")
    next = _("请选择其他医师或时段。")


class SessionStopped(Refusal):
    code = "session_stopped"
    message = _("这个出诊已停诊。")
    next = _("请选择其他医师或时段。")


class NoSession(Refusal):
    code = "no_session"
    message = _("没有这个出诊。")
    next = _("请刷新后重新选择。")
    status = 404


class NotToday(Refusal):
    code = "session_not_today"
    message = _("这个出诊不是今天的，不能现场挂号。")
    next = _("请选择今天的出诊。")


class NoRegistration(Refusal):
    code = "no_registration"
    message = _("没有这条挂号记录。")
    next = _("请从队列重新打开。")
    status = 404


class NoTicket(Refusal):
    code = "no_ticket"
    message = _("队列里没有这个号。")
    next = _("请刷新队列。")
    status = 404


class NotRegistering(Refusal):
    code = "unit_registers_nobody"
    message = _("这个科室不接受挂号。")
    next = _("请选择门诊科室或急诊科。")
    status = 422


class AlreadyRegistered(Refusal):
    """The same patient holds a number here already."""

    code = "already_registered"
    next = _("不需要重复挂号；如要换号，请先退号。")

    def __init__(self, number: int) -> None:
        super().__init__(
            message=format_lazy(_("这位患者已挂过这里的 {number} 号。"), number=number), facts={"number": number}
        )


class SessionExists(Refusal):
    code = "session_exists"
    message = _("这位医师在这个时段已有出诊。")
    next = _("请换一个时段，或调整已有出诊的限额。")


class CapacityBelowTaken(Refusal):
    """Fewer slots were asked for than are taken."""

    code = "capacity_below_taken"
    next = _("请填写不小于已挂号数的限额，或先退号。")

    def __init__(self, taken: int) -> None:
        super().__init__(
            message=format_lazy(_("已挂出 {taken} 个号，限额不能更少。"), taken=taken), facts={"taken": taken}
        )


class NotADoctorHere(Refusal):
    code = "doctor_not_here"
    message = _("这位人员在这个科室没有接诊权限。")
    next = _("请选择本科室的医师。")
    status = 422


class TriageMoved(Refusal):
    code = "triage_moved"
    message = _("打开页面后，这位患者已由他人再次分诊。")
    next = _("请核对最新的分诊级别后再保存，您填写的内容还在页面上。")


class NotEmergency(Refusal):
    code = "not_emergency"
    message = _("只有急诊就诊需要分诊。")
    next = _("请从急诊分诊列表中选择。")


class Invalid(Refusal):
    """A field that does not hold. `field` names it for the form."""

    status = 422
    next = _("请改正后再保存，已填写的内容没有丢失。")

    def __init__(self, code: str, message: Any, field: str) -> None:
        super().__init__(code, message, facts={"field": field})
        self.field = field


class TicketMoved(Refusal):
    """Somebody else did something with the ticket first: says who, when, and what."""

    code = "ticket_moved"
    next = _("请刷新队列，再叫下一位。")

    def __init__(self, ticket: Ticket, last: TicketEvent | None) -> None:
        super().__init__(message=_what_happened(ticket, last), facts={"state": ticket.state, "rev": ticket.rev})


_HAPPENED = {
    Ticket.State.WAITING: _("{number} 号正在候诊，{who}于 {time} 处理过。"),
    Ticket.State.CALLED: _("{number} 号已由{who}于 {time} 呼叫到{room}。"),
    Ticket.State.MISSED: _("{number} 号已由{who}于 {time} 标记为过号。"),
    Ticket.State.SERVING: _("{number} 号已由{who}于 {time} 接诊。"),
    Ticket.State.DONE: _("{number} 号已由{who}于 {time} 结束就诊。"),
    Ticket.State.CANCELLED: _("{number} 号已由{who}于 {time} 退号。"),
}


def _what_happened(ticket: Ticket, last: TicketEvent | None) -> Any:
    return format_lazy(
        _HAPPENED[Ticket.State(ticket.state)],
        number=ticket.number,
        who=people.name(last.staff_id) if last and last.staff_id else _("系统"),
        time=last.at.astimezone(HOSPITAL_ZONE).strftime("%H:%M") if last else "-",
        room=ticket.room or _("诊区"),
    )


class NothingToReturnTo(Refusal):
    """回诊 on another day, or after the doctor closed the visit."""

    code = "visit_over"
    message = _("这次就诊已经结束，或者不是今天的，不能回诊。")
    next = _("请重新挂号，或请医师加号。")


class NotInThisQueue(Refusal):
    """Somebody transferred the patient first, or the patient waits no more."""

    code = "ticket_elsewhere"
    next = _("名单已更新，请核对后再分流。")

    def __init__(self, number: int) -> None:
        super().__init__(
            message=format_lazy(_("{number} 号已不在这个队列里等候，谁都没有移动。"), number=number),
            facts={"number": number},
        )


class NotASessionHere(Refusal):
    code = "session_not_here"
    message = _("只能转到本科室今天还在出诊的医师。")
    next = _("请选择本科室的其他出诊。")


class AlreadyThere(Refusal):
    """The same patient waits in that session too."""

    code = "already_there"
    next = _("请先退掉其中一个号。")

    def __init__(self, number: int) -> None:
        super().__init__(
            message=format_lazy(_("这位患者在那里已有 {number} 号。"), number=number), facts={"number": number}
        )


class NoAppointment(Refusal):
    code = "no_appointment"
    message = _("没有这个预约。")
    next = _("请从患者的预约列表重新打开。")
    status = 404


class NoChannel(Refusal):
    code = "no_green_channel"
    message = _("没有这个绿色通道。")
    next = _("请从绿色通道列表重新打开。")
    status = 404


class ChannelOver(Refusal):
    code = "green_channel_over"
    message = _("这个绿色通道已经结束。")
    next = _("请刷新后查看；需要时重新评估患者。")


class PointHeld(Refusal):
    code = "green_point_held"
    message = _("这个时间点已经记录过。")
    next = _("请刷新后核对记录的时间。")


class NoEvent(Refusal):
    code = "no_mass_event"
    message = _("没有这个群体事件。")
    next = _("请从群体事件列表重新打开。")
    status = 404


class EventOver(Refusal):
    code = "mass_event_over"
    message = _("这个群体事件已经结束。")
    next = _("后到的伤员请按急诊登记，或开启新的事件。")


class NotATag(Refusal):
    """Another code, or a tag with a wrong character."""

    code = "not_a_tag"
    message = _("这不是伤票，或有一个字符读错。")
    next = _("请重新扫描；扫不出时换一张新伤票。")
    status = 422
    field = "tag"


class TagElsewhere(Refusal):
    """The tag hangs on a victim of another event."""

    code = "tag_of_another_event"
    next = _("请换一张新伤票。")
    field = "tag"

    def __init__(self, what: str) -> None:
        super().__init__(message=format_lazy(_("这张伤票属于另一个事件：{what}。"), what=what))


class NoTemplate(Refusal):
    code = "no_template"
    message = _("没有这个排班。")
    next = _("请刷新后重新选择。")
    status = 404


class NotBookable(Refusal):
    """A session without limit, of today or of a day gone."""

    code = "session_not_bookable"
    message = _("这个出诊不能预约。")
    next = _("当天的号请现场挂号；急诊不需要预约。")


class NotReleased(Refusal):
    code = "slots_not_released"
    next = _("请在放号时间之后再约，或选择其他日期。")

    def __init__(self, released: datetime) -> None:
        shown = released.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M")
        super().__init__(message=format_lazy(_("这一天的号 {at} 才放出。"), at=shown), facts={"released": shown})


class ChannelFull(Refusal):
    """The slots of this channel and those of everybody are gone; others are kept for another channel."""

    code = "channel_full"
    next = _("请改用其他渠道，或在预留号源归还后再约。")

    def __init__(self, channel: str, elsewhere: int) -> None:
        super().__init__(
            message=format_lazy(_("本渠道的号已约满，其他渠道尚余 {n} 个。"), n=elsewhere),
            facts={"channel": channel, "elsewhere": elsewhere},
        )


class OthersWait(Refusal):
    """Slots that come back go to those who wait for them."""

    code = "others_wait"
    next = _("可以登记候补，按登记先后通知。")

    def __init__(self, waiting: int) -> None:
        super().__init__(
            message=format_lazy(_("这个出诊有 {n} 人候补，退回的号先给候补的患者。"), n=waiting),
            facts={"waiting": waiting},
        )


class NotFull(Refusal):
    code = "session_not_full"
    message = _("这个出诊还有号，不需要候补。")
    next = _("请直接预约。")


class NotWaiting(Refusal):
    code = "not_waiting"
    message = _("这位患者已经不在候补名单里。")
    next = _("请刷新名单。")


class AlreadyBooked(Refusal):
    code = "already_booked"
    next = _("如要换号，请先取消原来的预约。")

    def __init__(self, starts: datetime) -> None:
        shown = starts.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M")
        super().__init__(
            message=format_lazy(_("这位患者在这个科室这半天已有预约：{at}。"), at=shown), facts={"starts": shown}
        )


class TooManyOpen(Refusal):
    code = "appointments_open_most"
    next = _("请先就诊或取消其中一个。")

    def __init__(self, most: int) -> None:
        super().__init__(message=format_lazy(_("每人最多同时有 {n} 个预约。"), n=most), facts={"most": most})


class TooManyOfPhone(Refusal):
    """Open appointments and places on lists of everybody with one telephone number."""

    code = "phone_open_most"
    next = _("请先就诊或取消其中一个；确需再约的，窗口核实后可填写理由办理。")

    def __init__(self, most: int) -> None:
        super().__init__(
            message=format_lazy(_("同一手机号名下最多同时有 {n} 个预约和候补。"), n=most), facts={"most": most}
        )


class Banned(Refusal):
    code = "booking_banned"
    next = _("急诊和现场挂号不受影响。有正当理由可申请解除。")

    def __init__(self, until: datetime) -> None:
        shown = until.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d")
        super().__init__(
            message=format_lazy(_("因多次爽约，{until} 之前不能预约。"), until=shown), facts={"until": shown}
        )


class TooLate(Refusal):
    code = "too_late_to_cancel"
    next = _("不能前来请到窗口说明；停诊不算爽约。")

    def __init__(self, minutes: int) -> None:
        super().__init__(
            message=format_lazy(_("就诊时段前 {n} 分钟内不能自行取消。"), n=minutes), facts={"minutes": minutes}
        )


class TooEarly(Refusal):
    code = "too_early_to_check_in"
    next = _("请到时再签到；已到医院也可以到窗口签到。")

    def __init__(self, opens: datetime) -> None:
        when = f"{opens.astimezone(HOSPITAL_ZONE):%H:%M}"
        super().__init__(message=format_lazy(_("手机签到从 {at} 开始。"), at=when), facts={"opens": when})


class AppointmentMoved(Refusal):
    """Somebody else, or the clock, did something with the appointment first."""

    code = "appointment_moved"
    next = _("请刷新后再办理。")

    def __init__(self, state: str) -> None:
        super().__init__(message=_STATES.get(state, _("这个预约已有变化。")), facts={"state": state})


_STATES = {
    "held": _("这个预约还没有确认。"),
    "booked": _("这个预约已经确认。"),
    "arrived": _("这个预约已经签到。"),
    "cancelled": _("这个预约已经取消。"),
    "lapsed": _("保留时间已过，这个号已放回。"),
    "missed": _("这个预约已过时，记为爽约。"),
    "stopped": _("这个出诊已停诊，预约已终止，不算爽约。"),
}
