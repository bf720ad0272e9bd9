"""The loop of a medication order (医嘱闭环): steps, who may do them, what each must prove, and what it may follow.

This is the only place that knows. The refusals, the strip on the screens, the documentation (`docs/loop.md`) and the
measures read it. A route, the order of steps for one visit class, is data with effective dates (`data/routes.csv`).
Nothing here touches the database.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROUTES = Path(__file__).parent / "data" / "routes.csv"


class Step(StrEnum):
    """Where a prescription, or one planned dose of it, stands."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    PAID = "paid"
    VERIFIED = "verified"
    PREPARED = "prepared"
    UNPREPARED = "unprepared"
    CHECKED = "checked"
    OWED = "owed"
    DISPENSED = "dispensed"
    RECEIVED = "received"
    STOPPED = "stopped"
    EXPIRED = "expired"
    PLANNED = "planned"
    ADMINISTERED = "administered"
    HELD = "held"
    REFUSED = "refused"
    MISSED = "missed"


class Rule(NamedTuple):
    """What the table says about one step.

    after: steps that it may follow on some route; `predecessors` narrows them to one route.
    by: permissions, any one of which lets an actor take the step; empty: the system takes it inside another act.
    proof: keys that the step must carry, each with a value that is not None and not empty.
    of: what moves, a whole prescription or one planned dose (task).
    lapses: the step is refused once the validity of the prescription is over.
    alone: the program itself may take it, inside an act that says under which rule.
    """

    after: frozenset[Step]
    by: frozenset[str]
    proof: frozenset[str]
    of: str = "prescription"
    lapses: bool = False
    alone: bool = False


def _rule(
    after: Iterable[Step],
    by: str,
    proof: str = "",
    of: str = "prescription",
    *,
    lapses: bool = False,
    alone: bool = False,
) -> Rule:
    return Rule(frozenset(after), frozenset(by.split()), frozenset(proof.split()), of, lapses, alone)


S = Step
LOOP: dict[Step, Rule] = {
    S.DRAFTED: _rule((), "prescription.draft"),
    S.SIGNED: _rule((S.DRAFTED, S.RETURNED), "prescription.sign", "signature version"),
    S.REVIEWED: _rule((S.SIGNED,), "prescription.review", "version", lapses=True, alone=True),
    S.RETURNED: _rule(
        (S.SIGNED, S.REVIEWED, S.PAID, S.VERIFIED, S.UNPREPARED),
        "prescription.review prescription.verify dispense.prepare",
        "reasons",
    ),
    S.PAID: _rule((S.REVIEWED,), "charge.settle", "receipt", lapses=True),
    S.VERIFIED: _rule((S.REVIEWED, S.PAID), "prescription.verify", "version", lapses=True),
    S.PREPARED: _rule(
        (S.REVIEWED, S.PAID, S.VERIFIED, S.UNPREPARED, S.OWED), "dispense.prepare", "packages", lapses=True
    ),
    S.UNPREPARED: _rule((S.PREPARED, S.CHECKED), "dispense.prepare", "reason"),
    S.CHECKED: _rule((S.PREPARED,), "dispense.check", "scanned", lapses=True),
    # A part was handed over and the rest is owed; the way back from a preparation of the rest leads here again.
    S.OWED: _rule((S.PREPARED, S.CHECKED), "dispense.hand dispense.prepare", "owed", lapses=True),
    S.DISPENSED: _rule((S.CHECKED, S.OWED), "dispense.hand", "packages", lapses=True),
    S.RECEIVED: _rule((S.DISPENSED,), "ward.receive", "scanned"),
    S.STOPPED: _rule(
        (
            S.DRAFTED,
            S.SIGNED,
            S.RETURNED,
            S.REVIEWED,
            S.PAID,
            S.VERIFIED,
            S.PREPARED,
            S.UNPREPARED,
            S.CHECKED,
            S.OWED,
            S.DISPENSED,
            S.RECEIVED,
        ),
        "prescription.stop",
        "reason",
    ),
    S.EXPIRED: _rule(
        (S.SIGNED, S.RETURNED, S.REVIEWED, S.PAID, S.VERIFIED, S.PREPARED, S.UNPREPARED, S.CHECKED),
        "prescription.sign prescription.review dispense.prepare",
        "valid_until",
        alone=True,
    ),
    S.PLANNED: _rule((), "prescription.sign", of="task"),
    S.ADMINISTERED: _rule((S.PLANNED, S.HELD), "medication.administer", "outcome identity", "task"),
    S.HELD: _rule((S.PLANNED,), "medication.administer", "outcome reason", "task"),
    S.REFUSED: _rule((S.PLANNED, S.HELD), "medication.administer", "outcome reason", "task"),
    S.MISSED: _rule((S.PLANNED, S.HELD), "medication.administer", "outcome reason", "task"),
}

LABEL = {
    S.DRAFTED: _("开立"),
    S.SIGNED: _("签名"),
    S.RETURNED: _("退回"),
    S.REVIEWED: _("审方"),
    S.PAID: _("收费"),
    S.VERIFIED: _("护士核对"),
    S.PREPARED: _("调配"),
    S.UNPREPARED: _("退回调配"),
    S.CHECKED: _("药师核对"),
    S.OWED: _("部分发药"),
    S.DISPENSED: _("发药"),
    S.RECEIVED: _("病区接收"),
    S.STOPPED: _("停止"),
    S.EXPIRED: _("过期"),
    S.PLANNED: _("拆分"),
    S.ADMINISTERED: _("给药"),
    S.HELD: _("暂缓"),
    S.REFUSED: pgettext_lazy("dose", "拒绝"),
    S.MISSED: _("未执行"),
}

STATE = {
    S.DRAFTED: _("草稿，尚未签名"),
    S.SIGNED: _("已签名，待审方"),
    S.RETURNED: _("已退回，待医师处理"),
    S.REVIEWED: _("已审方"),
    S.PAID: _("已收费"),
    S.VERIFIED: _("护士已核对"),
    S.PREPARED: _("已调配，待核对"),
    S.UNPREPARED: _("已退回调配"),
    S.CHECKED: _("已核对，待发药"),
    S.OWED: _("部分已发，欠药待补"),
    S.DISPENSED: _("已发药"),
    S.RECEIVED: _("病区已接收"),
    S.STOPPED: _("已停止"),
    S.EXPIRED: _("已过期"),
    S.PLANNED: _("待给药"),
    S.ADMINISTERED: _("已给药"),
    S.HELD: _("已暂缓"),
    S.REFUSED: _("患者已拒绝"),
    S.MISSED: _("未执行"),
}


# A route is made of these; every other prescription step is a side exit or the way back from one.
ON_ROUTE = (S.SIGNED, S.REVIEWED, S.PAID, S.VERIFIED, S.PREPARED, S.CHECKED, S.DISPENSED, S.RECEIVED)
# What was handed over in part can no longer go back as if nothing had left the pharmacy, nor lapse by itself.
NEVER_AFTER_A_PART = frozenset({S.RETURNED, S.UNPREPARED, S.EXPIRED})


class Route(NamedTuple):
    """The loop of one visit class in force on a day."""

    visit_class: str
    steps: tuple[Step, ...]
    last: tuple[Step, ...]
    valid_days: int
    effective_from: date
    effective_to: date | None
    source: str

    @property
    def bedside(self) -> bool:
        """True where every planned dose is a task of its own."""
        return any(LOOP[step].of == "task" for step in self.last)


class BadRouteError(ValueError):
    """A row of routes.csv that the loop table does not allow."""


def predecessors(step: Step, steps: tuple[Step, ...]) -> frozenset[Step]:
    """Steps after which `step` may be taken on this route; empty where the route does not have it."""
    rule = LOOP[step]
    if rule.of == "task":
        return rule.after
    main = set(steps)
    if step in main:
        before = steps[steps.index(step) - 1] if step != steps[0] else None
        return rule.after & ({before} | (set(Step) - set(ON_ROUTE)))
    if step in ON_ROUTE:
        return frozenset()
    if step is S.OWED and steps[-1] is not S.DISPENSED:
        return frozenset()  # a ward receives a prescription whole
    reachable = main | (set(Step) - set(ON_ROUTE))
    if step is S.STOPPED and steps[-1] is S.DISPENSED:
        reachable -= {S.DISPENSED}
    return rule.after & reachable


def follows(step: Step, current: Step, steps: tuple[Step, ...], parted: bool, proof: Mapping[str, Any]) -> bool:
    """Whether `step` may be taken now. parted: a part of the prescription has been handed over."""
    if parted and step in NEVER_AFTER_A_PART:
        return False
    if step is S.OWED and not (parted if undone(proof) else current is S.CHECKED):
        return False
    return current in predecessors(step, steps)


def undone(proof: Mapping[str, Any]) -> bool:
    """Whether a step to `owed` hands out nothing: the preparation of the rest was undone."""
    return "undone" in proof


def bound(step: Step, current: Step, proof: Mapping[str, Any]) -> bool:
    """Whether the end of the validity refuses `step`: not where nothing is given out, as a debt is closed or the
    preparation of its rest undone."""
    closes = (current, step) == (S.OWED, S.DISPENSED)
    return LOOP[step].lapses and not closes and not (step is S.OWED and undone(proof))


def missing(step: Step, current: Step, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps of the route still to be taken before `step`, in order; empty where `step` lies behind `current`."""
    if step not in steps:
        return ()
    at = _place(current, steps)
    return steps[at + 1 : steps.index(step)]


def _place(current: Step, steps: tuple[Step, ...]) -> int:
    """Index on the route of the last step that still counts: none where it was returned, before 调配 where undone
    and where the rest is owed."""
    if current in (S.UNPREPARED, S.OWED):
        return steps.index(S.PREPARED) - 1
    return steps.index(current) if current in steps else -1


def done(current: Step, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps of the route that hold at `current`."""
    return steps[: _place(current, steps) + 1]


def upcoming(current: Step, steps: tuple[Step, ...]) -> Step | None:
    """The next step of the route, None at its end and on a side exit that ends it."""
    if current in (S.STOPPED, S.EXPIRED):
        return None
    rest = steps[_place(current, steps) + 1 :]
    return rest[0] if rest else None


@cache
def routes() -> tuple[Route, ...]:
    """All rows of `data/routes.csv`, checked against the table. Raises BadRouteError."""
    with ROUTES.open(encoding="utf-8", newline="") as lines:
        return tuple(_route(row) for row in csv.DictReader(lines))


def _route(row: dict[str, str]) -> Route:
    try:
        steps = tuple(Step(word) for word in row["steps"].split())
        last = tuple(Step(word) for word in row["last"].split())
        until = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
        route = Route(
            row["visit_class"],
            steps,
            last,
            int(row["valid_days"]),
            date.fromisoformat(row["effective_from"]),
            until,
            row["source"],
        )
    except (KeyError, ValueError) as error:
        raise BadRouteError(f"routes.csv, {row.get('visit_class')}: {error}") from error
    return checked(route)


def checked(route: Route) -> Route:
    """The route, or BadRouteError: begins with the signature, every pair allowed, nothing that protects left out."""
    steps = route.steps
    if (
        not steps
        or steps[0] is not S.SIGNED
        or any(step not in ON_ROUTE for step in steps)
        or len(set(steps)) != len(steps)
    ):
        raise BadRouteError(f"{route.visit_class}: a route begins with signed and has each step once")
    for before, step in pairwise(steps):
        if before not in LOOP[step].after:
            raise BadRouteError(f"{route.visit_class}: {step} may not follow {before}")
    if S.REVIEWED not in steps or S.CHECKED not in steps:
        raise BadRouteError(f"{route.visit_class}: review and second check are not optional (药品管理法 art. 72)")
    if not 1 <= route.valid_days <= 3:
        raise BadRouteError(
            f"{route.visit_class}: a prescription is valid for one to three days (处方管理办法 art. 18)"
        )
    if any(LOOP[step].of == "prescription" and step is not steps[-1] for step in route.last):
        raise BadRouteError(f"{route.visit_class}: the last step is the end of the route or a step of a dose")
    return route


def route_of(visit_class: str, on: date) -> Route:
    """The route in force on `on` (local day). Raises BadRouteError where none is."""
    for route in routes():
        if (
            route.visit_class == visit_class
            and route.effective_from <= on
            and (route.effective_to is None or on < route.effective_to)
        ):
            return route
    raise BadRouteError(f"no route for {visit_class} on {on.isoformat()}")


def route(visit_class: str, on: date) -> tuple[Step, ...]:
    """Prescription steps of a visit class on a local day, in order."""
    return route_of(visit_class, on).steps
