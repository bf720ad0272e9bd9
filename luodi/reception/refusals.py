"""Every way in which this room says no."""

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
        number=ticket.registration.number,
        who=people.name(last.staff_id) if last and last.staff_id else _("系统"),
        time=last.at.astimezone(HOSPITAL_ZONE).strftime("%H:%M") if last else "-",
        room=ticket.room or _("诊区"),
    )
