"""Who may change a prescription, and the new version that a change of a signed one opens."""

from luodi.orders import reading, refusals
from luodi.orders.loop import Step
from luodi.orders.models import Line, Prescription, Signature
from luodi.trust.actor import Actor
from luodi.trust.question import NUMBER, Question

_SIGNED = Question(
    lambda rx, version: Signature.objects.filter(prescription=rx, version=version).values_list("pk", flat=True),
    NUMBER, NUMBER,
)  # fmt: skip
_COPIED = [
    field.attname
    for field in Line._meta.concrete_fields
    if field.name not in ("id", "entry", "version", "prescription")
]


def editable(by: Actor, rx: Prescription, rev: int | None = None) -> None:
    """Raises where the prescription is no draft and not returned, was changed since `rev`, or is another doctor's."""
    if rx.step not in (Step.DRAFTED, Step.RETURNED):
        raise refusals.not_editable(Step(rx.step))
    author(by, rx)
    if rev is not None and rev != rx.rev:
        raise refusals.LoopMoved(Step(rx.step))


def author(by: Actor, rx: Prescription) -> None:
    """A draft is its prescriber's own; a returned one may also be answered by a colleague of the same unit."""
    if by.staff != rx.prescriber_id and not (rx.step == Step.RETURNED and by.unit == rx.unit_id):
        raise refusals.not_yours()


def is_signed(rx: Prescription) -> bool:
    """True where the present version carries a signature."""
    return _SIGNED.first(rx.pk, rx.version) is not None


def open_version(rx: Prescription) -> None:
    """Where the present version is signed: copy its lines into the next one. The caller writes `rx.version`."""
    if not is_signed(rx):
        return
    rows = reading.line_rows(rx)
    rx.version += 1
    Line.objects.bulk_create(
        [Line(prescription=rx, version=rx.version, **{name: getattr(row, name) for name in _COPIED}) for row in rows]
    )
