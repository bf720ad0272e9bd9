"""Every form of the doctor's desk, sent twice."""

from luodi.chart import queries
from luodi.chart.models import Note, Observation
from luodi.terms import actions as terms
from tests.chart.test_screens import ALLERGY, NOTES, Desk, desk
from tests.sending import token_of, twice

__all__ = ["desk"]


def test_notes_are_written_once(desk: Desk) -> None:
    second = twice(desk.browser, desk.url("notes"), NOTES)
    assert second.status_code == 422, "what is written is amended, not written again"
    assert Note.objects.filter(encounter=desk.encounter).count() == 1


def test_an_amendment_is_written_once(desk: Desk) -> None:
    desk.post("notes", NOTES)
    (note,) = queries.notes(desk.encounter)
    there = f"/chart/{desk.patient}/note/{note.pk}/amendment/"
    second = twice(desk.browser, there, {"text": "头痛 4 天", "reason": "问清楚了"})
    assert second.status_code == 422
    assert [version.version for version in queries.note_versions(note.pk)] == [1, 2]


def test_readings_allergies_and_the_end_are_kept_once(desk: Desk) -> None:
    terms.load(desk.house.information)
    readings = {"HR": "88", "SBP": "126", "idempotency": token_of(desk.page())}
    assert twice(desk.browser, desk.url("vitals"), readings).status_code == 303
    assert len({row.at for row in Observation.objects.all()}) == 1, "measured together, they stand together"
    twice(desk.browser, desk.url("allergies"), ALLERGY)
    twice(desk.browser, desk.url("diagnoses"), {"code": "R51", "q": ""})
    twice(desk.browser, desk.url("closing"), {"disposition": "home"})
