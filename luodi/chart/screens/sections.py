"""The sections of the doctor's scroll: what each shows, drawn from queries alone."""

from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import today

from .. import queries
from ..codes import DESK_NOTES, ENDINGS, NOTE_KINDS
from ..forms import VITALS, AllergiesForm, CloseForm, DiagnosisForm, NotesForm, TransferForm, VitalsForm
from ..queries.banner import banner
from ..refusals import NoEncounter
from ..templating import skeletons
from ..types import EncounterCard
from ..wording import Shown, shown

SECTIONS = ("notes", "vitals", "diagnoses", "allergies", "done")


def visit(patient: int, encounter: int) -> EncounterCard:
    """The encounter of the URL, which must be this person's. Raises NoEncounter."""
    card = queries.standing(encounter)
    if card.patient != patient and card.patient not in patients.person(patient):
        raise NoEncounter
    return card


def page(request: Any, card: EncounterCard, **instead: Any) -> dict[str, Any]:
    """Everything the whole scroll needs; `instead` replaces forms that came back wrong."""
    context: dict[str, Any] = frame(request, card)
    for section in SECTIONS:
        context |= BUILDERS[section](context, card)
    return context | instead


def frame(request: Any, card: EncounterCard) -> dict[str, Any]:
    """What every section reads: the visit, the banner, who may write."""
    may = request.actor_permissions
    shown_banner = banner(card.patient, card.id)
    return {
        "visit": card,
        "patient": card.patient,
        "banner": shown_banner,
        "writable": bool(card.opened_at and not card.closed_at and "record.write" in may),
        "observable": not card.closed_at and "observation.write" in may,
        "ending": ENDINGS.get(card.disposition, ""),
        "unit_name": shown_banner["department"],
        "queue_url": url("reception:desk_queue"),
        "orders_url": url("orders:on_encounter", card.id) if "prescription.read" in may else "",
    }


def notes(shared: dict[str, Any], card: EncounterCard, **more: Any) -> dict[str, Any]:
    held = queries.notes(card.id)
    order = {kind: n for n, kind in enumerate(NOTE_KINDS)}
    held.sort(key=lambda note: (order[note.kind], note.at))
    authors = people.names(note.author for note in held)
    unwritten = set(DESK_NOTES) - {note.kind for note in held}
    return {
        "notes": [(note, NOTE_KINDS[note.kind], authors.get(note.author, "")) for note in held],
        "notes_form": NotesForm(written={note.kind for note in held}) if unwritten else None,
        "skeletons": skeletons(),
        "before": last_visit(card),
    } | more


def last_visit(card: EncounterCard) -> dict[str, Any] | None:
    """The notes and diagnoses of the patient's last earlier visit."""
    found = queries.previous_notes(card.patient, card.id)
    if found is None:
        return None
    encounter, held = found
    return {
        "visit": queries.standing(encounter),
        "notes": [(NOTE_KINDS[note.kind], note.text) for note in held],
        "texts": {note.kind: note.text for note in held},
        "diagnoses": queries.diagnoses(encounter),
    }


def vitals(shared: dict[str, Any], card: EncounterCard, **more: Any) -> dict[str, Any]:
    age = _age_days(shared["banner"]["birth_date"])
    form = VitalsForm(ask_pregnancy=shared["banner"]["pregnancy"] != "")
    return {"readings": latest_readings(card.id, age), "vitals_form": form} | more


def latest_readings(encounter: int, age_days: int | None) -> list[Shown]:
    """The last reading of each code in this encounter, vital signs in the order of the form, then the others."""
    latest: dict[str, Shown] = {}
    for reading in queries.observed(encounter):
        latest.setdefault(reading.code, shown(reading, age_days))
    order = {code: n for n, code in enumerate(VITALS)}
    return sorted(latest.values(), key=lambda one: order.get(one.code, len(order)))


def diagnoses(shared: dict[str, Any], card: EncounterCard, **more: Any) -> dict[str, Any]:
    lines = queries.diagnoses(card.id)
    names = people.names(line.staff for line in lines)
    return {
        "diagnoses": [(line, names.get(line.staff, "")) for line in lines],
        "diagnosis_form": DiagnosisForm(initial={"main": not lines}),
        "found": None,
    } | more


def allergies(shared: dict[str, Any], card: EncounterCard, **more: Any) -> dict[str, Any]:
    stated = queries.allergies(card.patient)
    return {
        "stated": stated,
        "stated_by": people.name(stated.staff) if stated.staff else "",
        "allergies_form": AllergiesForm(stated=stated),
    } | more


def done(shared: dict[str, Any], card: EncounterCard, **more: Any) -> dict[str, Any]:
    return {"close_form": CloseForm(), "transfer_form": TransferForm(here=card.unit)} | more


def age_days(patient: int) -> int | None:
    return _age_days(patients.card(patient).birth_date)


def _age_days(born: date | None) -> int | None:
    return (today() - born).days if born else None


def ask_pregnancy(patient: int) -> bool:
    return banner(patient)["pregnancy"] != ""


def url(name: str, *args: int) -> str:
    """A screen of a room above, "" where that room is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


BUILDERS = {"notes": notes, "vitals": vitals, "diagnoses": diagnoses, "allergies": allergies, "done": done}
