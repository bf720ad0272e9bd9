"""癌痛、中重度慢性疼痛患者档案: which one holds, and until when. 处方管理办法 art. 21, 24, 27."""

from datetime import datetime, timedelta
from typing import NamedTuple

from luodi.orders.models import PainDossier
from luodi.patients import queries as patients
from luodi.trust import clock

REVIEWED = timedelta(days=92)  # art. 27: seen again once in three months
FIELD = "orders.dossier"


class DossierCard(NamedTuple):
    """`seen_at`: when the patient was last examined for it; `holds` until `review_by`."""

    pk: int
    patient: int
    staff: int
    at: datetime
    consent_on: object
    agent: bool
    text: str
    seen_at: datetime
    review_by: datetime
    holds: bool


def dossier(patient: int) -> DossierCard | None:
    """The open dossier of the person, by whatever record of theirs, the newest; None where there is none."""
    rows = PainDossier.objects.filter(patient__in=patients.person(patient), end__isnull=True)
    row = rows.order_by("-at", "-pk").prefetch_related("reviews").first()
    if row is None:
        return None
    seen = max((review.at for review in row.reviews.all()), default=row.at)
    (text,) = patients.open_many([(row.patient_id, bytes(row.words), FIELD)])
    return DossierCard(
        row.pk, row.patient_id, row.staff_id, row.at, row.consent_on, row.agent, text,
        seen, seen + REVIEWED, clock.now() < seen + REVIEWED,
    )  # fmt: skip


def has_dossier(patient: int) -> bool:
    """Whether the limits of art. 24 hold for the person today."""
    held = dossier(patient)
    return held is not None and held.holds
