"""The one way a step is taken: the loop table asked, one conditional update, one row.

Called inside acts alone: a LoopStep cannot be made outside one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import F

from luodi.orders import loop
from luodi.orders.loop import LOOP, Step
from luodi.orders.models import LoopStep, Prescription, Task
from luodi.orders.reading import route_for
from luodi.orders.refusals import DoseNotDue, Lapsed, LoopMoved, LoopSkipped, NoProof, RestLapsed
from luodi.trust import access, canonical
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now
from luodi.trust.question import NUMBER, TEXT, Change, Question, column
from luodi.trust.refusal import Forbidden

_DOSE = Change(
    lambda pk, step, rev, new: (Task.objects.filter(pk=pk, step=step, rev=rev), {"step": new, "rev": F("rev") + 1}),
    NUMBER, TEXT, NUMBER, TEXT,
)  # fmt: skip
_HELD = Question(lambda pk: Prescription.objects.select_for_update().filter(pk=pk), NUMBER)


@cache
def _step(names: tuple[str, ...]) -> Change:
    """The one update that moves a prescription and writes these columns with it."""

    def build(pk: Any, step: Any, rev: Any, new: Any, *values: Any) -> Any:
        columns = dict(zip(names, values, strict=True)) | {"step": new, "rev": F("rev") + 1}
        return Prescription.objects.filter(pk=pk, step=step, rev=rev), columns

    kinds = (column(Prescription, name) for name in names)
    return Change(build, NUMBER, TEXT, NUMBER, TEXT, *kinds)


def hold(prescription: int) -> None:
    """Hold a prescription until the act ends: neither it nor a dose of it moves meanwhile."""
    _HELD.all(prescription)


def require_step(by: Actor, step: Step) -> None:
    """Raises Forbidden where the actor holds none of the permissions that the table names.

    The program holds none; it takes the steps that the table lets it take alone.
    """
    if is_program(by) and LOOP[step].alone:
        return
    allowed = LOOP[step].by
    if not any(access.may(by, code) for code in allowed):
        raise Forbidden(facts={"permission": " ".join(sorted(allowed))})


def require_order(rx: Prescription, step: Step, proof: Mapping[str, Any]) -> None:
    """Raises LoopSkipped where the table does not let `step` follow, Lapsed where its time is over.

    That is the validity, or, once a part was handed over, the time in which the rest may be fetched.
    """
    current, steps = Step(rx.step), route_for(rx).steps
    if not loop.follows(step, current, steps, rx.rest_until is not None, proof):
        on_route = step in steps or step not in loop.ON_ROUTE
        raise LoopSkipped(step, current, loop.missing(step, current, steps), on_route)
    until = rx.rest_until or rx.valid_until
    if until is not None and now() >= until and loop.bound(step, current, proof):
        raise RestLapsed(until) if rx.rest_until else Lapsed(until)


def require_proof(step: Step, proof: Mapping[str, Any]) -> None:
    """Raises NoProof where a key that the table asks for is absent or empty."""
    lacking = [key for key in LOOP[step].proof if proof.get(key) is None or proof[key] in ("", [], ())]
    if lacking:
        raise NoProof(step, lacking)


def move(
    by: Actor,
    rx: Prescription,
    step: Step,
    proof: Mapping[str, Any],
    *,
    rev: int | None = None,
    words: bytes = b"",
    **columns: Any,
) -> int:
    """Take a step of a prescription and return its new rev. `columns` are written by the same update.

    words: sealed text kept with the step.
    rev: the one that the person saw; None means the one just read.
    Raises LoopMoved, LoopSkipped, Lapsed, NoProof. Exactly one of two concurrent calls passes: the row is moved only
    from the step and the rev that were read.
    """
    if rev is not None and rev != rx.rev:
        raise LoopMoved(Step(rx.step))
    require_order(rx, step, proof)
    require_proof(step, proof)
    if not _step(tuple(columns)).make(rx.pk, rx.step, rx.rev, step, *columns.values()):
        raise LoopMoved(Step(Prescription.objects.values_list("step", flat=True).get(pk=rx.pk)))
    new = rx.rev + 1
    _note(by, rx, None, new, step, proof, words)
    rx.step, rx.rev = step, new
    return new


def move_task(by: Actor, task: Task, step: Step, proof: Mapping[str, Any], *, rev: int | None = None) -> int:
    """Take a step of one planned dose and return its new rev. Raises DoseNotDue, LoopMoved, LoopSkipped, NoProof."""
    # The prescription is held so that a stop and a dose cannot pass each other unseen.
    rx = _HELD.all(task.prescription_id)[0]
    steps = route_for(rx).steps
    if rx.step != steps[-1] or task.line.version != rx.version:
        raise DoseNotDue(
            Step(rx.step), loop.missing(steps[-1], Step(rx.step), steps) + steps[-1:] if rx.step in steps else ()
        )
    if rev is not None and rev != task.rev:
        raise LoopMoved(Step(task.step))
    if Step(task.step) not in loop.predecessors(step, steps):
        raise LoopSkipped(step, Step(task.step), (), True)
    require_proof(step, proof)
    if not _DOSE.make(task.pk, task.step, task.rev, step):
        raise LoopMoved(Step(Task.objects.values_list("step", flat=True).get(pk=task.pk)))
    new = task.rev + 1
    _note(by, rx, task, new, step, proof)
    task.step, task.rev = step, new
    return new


def begin(by: Actor, rx: Prescription) -> None:
    """The first row of a prescription's loop."""
    _note(by, rx, None, rx.rev, Step.DRAFTED, {})


def _note(
    by: Actor,
    rx: Prescription,
    task: Task | None,
    seq: int,
    step: Step,
    proof: Mapping[str, Any],
    words: bytes = b"",
) -> None:
    LoopStep.objects.create(
        prescription=rx,
        task=task,
        seq=seq,
        step=step,
        version=rx.version,
        visit_class=rx.visit_class,
        at=now(),
        staff_id=by.staff or None,
        unit_id=by.unit or rx.unit_id,
        device=by.device,
        proof=canonical.text(proof),
        words=words,
    )
