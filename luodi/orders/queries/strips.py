"""The loop strip: each node with who, when and where, drawn from the loop table and the steps taken."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext

from luodi.orders import loop, reading
from luodi.orders.loop import LABEL, Step
from luodi.orders.models import LoopStep, Prescription, Task
from luodi.orders.refusals import NotFound
from luodi.trust import people

Node = dict[str, Any]
_ENDS = (Step.STOPPED, Step.EXPIRED)
_STATES = {Step.ADMINISTERED: "done", Step.HELD: "current", Step.REFUSED: "refused", Step.MISSED: "refused"}


def strip(prescription: int) -> list[Node]:
    """Nodes of one prescription. Raises NotFound."""
    rx = reading.load(prescription)
    return strips([rx.pk])[rx.pk]


def strips(prescriptions: Iterable[int]) -> dict[int, list[Node]]:
    """Nodes of many prescriptions with a fixed number of queries."""
    rows = Prescription.objects.in_bulk(list(prescriptions))
    taken: dict[int, list[LoopStep]] = {pk: [] for pk in rows}
    bedside: dict[int, list[LoopStep]] = {pk: [] for pk in rows}
    for step in LoopStep.objects.filter(prescription__in=rows).order_by("seq"):
        if step.task_id is None:
            taken[step.prescription_id].append(step)
        elif step.step in _STATES:
            bedside[step.prescription_id].append(step)
    doses: dict[int, list[str]] = {pk: [] for pk in rows}
    for pk, version, of, stands in Task.objects.filter(prescription__in=rows).values_list(
        "prescription", "line__version", "prescription__version", "step"
    ):
        if version == of:
            doses[pk].append(stands)
    names = _Names(step for steps in (*taken.values(), *bedside.values()) for step in steps)
    return {pk: _nodes(rx, taken[pk], doses[pk], bedside[pk], names) for pk, rx in rows.items()}


class Taken(NamedTuple):
    """A step that holds: who took it, and when. `who` "" stands for the program itself."""

    step: Step
    who: str
    at: datetime


def steps_taken(prescription: int) -> list[Taken]:
    """Steps of the route taken since the last signature and not undone since, in order."""
    held: list[LoopStep] = []
    for step in LoopStep.objects.filter(prescription=prescription, task=None).order_by("seq"):
        if step.step == Step.SIGNED:
            held = []
            continue
        if step.step == Step.UNPREPARED or (step.step == Step.OWED and not handed_out(step)):
            held = [each for each in held if each.step not in (Step.PREPARED, Step.CHECKED)]
            continue
        held.append(step)
    names = people.names({step.staff_id for step in held if step.staff_id})
    return [Taken(Step(step.step), names.get(step.staff_id or 0, ""), step.at) for step in held]


class _Names:
    """Names of people and units, read once."""

    def __init__(self, steps: Iterable[LoopStep]) -> None:
        steps = list(steps)
        self.staff = people.names({step.staff_id for step in steps if step.staff_id})
        self.units = {unit: people.unit_name(unit) for unit in {step.unit_id for step in steps}}

    def node(self, step: LoopStep, state: str = "done", note: str = "") -> Node:
        return {
            "label": LABEL[Step(step.step)],
            "state": state,
            "who": self.staff.get(step.staff_id, "") if step.staff_id else gettext("系统自动"),
            "at": step.at,
            "where": self.units.get(step.unit_id, ""),
            "note": note,
        }


def _empty(step: Step, state: str) -> Node:
    return {"label": LABEL[step], "state": state, "who": "", "at": None, "where": "", "note": ""}


def _nodes(
    rx: Prescription, taken: list[LoopStep], doses: list[str], bedside: list[LoopStep], names: _Names
) -> list[Node]:
    """Drafting, every return, the route from the last signature on with the parts handed over, then how it ended."""
    current, route = Step(rx.step), reading.route_for(rx)
    nodes = [names.node(step) for step in taken if step.step == Step.DRAFTED]
    nodes += [names.node(step, "refused") for step in taken if step.step == Step.RETURNED]
    before = _standing(taken) if current in _ENDS else current
    latest = {Step(step.step): step for step in taken}
    holding = set(loop.done(before, route.steps)) if before is not None else set()
    onward = None if current in _ENDS else loop.upcoming(current, route.steps)
    for step in route.steps:
        if step is Step.PREPARED:
            nodes += [names.node(part) for part in taken if part.step == Step.OWED and handed_out(part)]
        if step in holding and step in latest:
            nodes.append(names.node(latest[step]))
        else:
            nodes.append(_empty(step, "current" if step is onward else "skipped" if current in _ENDS else "future"))
    if route.bedside:
        newest = max(bedside, key=lambda step: step.at, default=None)
        nodes.append(_bedside(current, doses, route.steps[-1], names.node(newest) if newest else {}))
    if current in _ENDS:
        nodes.append(names.node(latest[current], "refused"))
    return nodes


def handed_out(step: LoopStep) -> bool:
    """False for a return to the debt as the preparation of its rest was undone."""
    return not loop.undone(json.loads(step.proof))


def _standing(taken: list[LoopStep]) -> Step | None:
    """Where a prescription stood before it ended."""
    steps = [Step(step.step) for step in taken if Step(step.step) not in _ENDS]
    return steps[-1] if steps else None


def _bedside(current: Step, doses: list[str], last: Step, newest: Node) -> Node:
    """One node for all planned doses: how many are over, and who was at the bed last, when and where."""
    over = sum(step != Step.PLANNED for step in doses)
    empty = _empty(Step.ADMINISTERED, "future")
    node = empty | newest | {"label": empty["label"], "state": "future"}
    node["note"] = f"{over}/{len(doses)}" if doses else ""
    if current is last:
        node["state"] = "done" if doses and over == len(doses) else "current"
    elif current in _ENDS:
        node["state"] = "skipped"
    return node


def task_strip(task: int) -> list[Node]:
    """Nodes of one planned dose: the prescription's, then what happened at the bedside. Raises NotFound."""
    row = Task.objects.filter(pk=task).select_related("prescription").first()
    if row is None:
        raise NotFound
    nodes = strip(row.prescription_id)
    over = [node for node in nodes if str(node["label"]) != str(LABEL[Step.ADMINISTERED])]
    steps = list(LoopStep.objects.filter(task=row).order_by("seq"))
    names = _Names(steps)
    planned = _empty(Step.PLANNED, "done") | {"at": row.planned_at}
    own = [names.node(step, _STATES[Step(step.step)], _why(step)) for step in steps]
    ready = row.prescription.step == Step.RECEIVED
    if not own:
        own = [_empty(Step.ADMINISTERED, "current" if ready else "future")]
    return [*over, planned, *own]


def _why(step: LoopStep) -> str:
    """The coded reason that a step carries, if any."""
    reason = json.loads(step.proof).get("reason")
    return str(reason) if reason else ""
