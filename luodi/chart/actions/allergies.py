"""State a patient's allergies as a whole."""

from collections.abc import Iterable

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from ..codes import ALLERGY_STATES, SEVERITIES
from ..models import Allergy, AllergyStatement
from ..queries.encounters import record_for
from ..queries.record import allergies as in_force
from ..refusals import AllergyMoved, Invalid
from ..types import AllergyItem, AllergyView


@act("allergy.state", may="observation.write")
def state_allergies(
    by: Actor,
    patient: int,
    state: str,
    allergies: Iterable[AllergyItem] = (),
    *,
    reason: str = "",
    rev: int | None = None,
) -> int:
    """What is known of the patient's allergies from now on, the whole list; returns the statement's version.

    For whoever asks the patient, doctor or nurse. A list goes with state listed alone, and listed needs one. Something
    listed before and missing now needs a reason. rev: that of the view that the person saw (0: none yet). Of a person
    with several records the list is that of all of them, kept with the record that was named.
    Raises AllergyMoved, Invalid, Unreadable.
    """
    about("patient", patient, patient=patient)
    patients.hold(patient)  # nobody states or merges beside it: whoever comes later sees this list
    patient = record_for(patient)
    items = [_checked(item) for item in allergies]
    before = in_force(patient)
    if rev is not None and rev != before.rev:
        raise AllergyMoved
    _coherent(state, items)
    dropped = _dropped(before, items)
    why = written.line(reason, longest=200, field="reason")
    if dropped and not why:
        raise Invalid("allergy_reason", _("删去已登记的过敏，请填写原因"), "reason")
    made = _write(by, patient, state, items, why)
    evidence(
        statement=made.pk, version=made.version, state=state, codes=[item.code for item in items], dropped=len(dropped)
    )
    return made.version


def _checked(item: AllergyItem) -> AllergyItem:
    label = written.line(item.label, longest=80, field="label")
    code = written.line(item.code, longest=60, field="code")
    if not label and not code:
        raise Invalid("allergy_label", _("请写明过敏的药物或物质"), "label")
    if item.severity not in SEVERITIES:
        raise Invalid("allergy_severity", _("请选择过敏程度"), "severity")
    return AllergyItem(code, label or code, item.severity, written.line(item.reaction, longest=200, field="reaction"))


def _coherent(state: str, items: list[AllergyItem]) -> None:
    if state not in ALLERGY_STATES:
        raise Invalid("allergy_state", _("请选择过敏状态"), "state")
    if (state == "listed") != bool(items):
        raise Invalid("allergy_list", _("有过敏史时要列出过敏物质，其他状态不能列出"), "state")
    names = [item.code or item.label for item in items]
    if len(names) != len(set(names)):
        raise Invalid("allergy_twice", _("同一种过敏物质列了两次"), "label")


def _dropped(before: AllergyView, items: list[AllergyItem]) -> set[str]:
    return {item.code or item.label for item in before.items} - {item.code or item.label for item in items}


def _write(by: Actor, patient: int, state: str, items: list[AllergyItem], why: str) -> AllergyStatement:
    version = (AllergyStatement.objects.filter(patient=patient).aggregate(last=Max("version"))["last"] or 0) + 1
    reason = patients.seal_for(patient, why, "reason") if why else None
    try:
        made = AllergyStatement.objects.create(
            patient_id=patient, version=version, state=state, reason=reason, staff_id=by.staff, at=now()
        )
    except IntegrityError as taken:
        raise AllergyMoved from taken
    Allergy.objects.bulk_create(
        Allergy(
            statement=made,
            code=item.code,
            label=patients.seal_for(patient, item.label, "allergy"),
            severity=item.severity,
            reaction=patients.seal_for(patient, item.reaction, "reaction"),
        )
        for item in items
    )
    return made
