"""Write a note, amend a note."""

from collections.abc import Mapping

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from ..codes import NOTE_KINDS, REPEATED_NOTES
from ..models import Note
from ..queries.encounters import standing
from ..refusals import EncounterClosed, Invalid, NotOpened, Superseded
from ..types import EncounterCard


@act("note.write", may="record.write")
def note(by: Actor, encounter: int, kind: str, text: str, supersedes: int | None = None, reason: str = "") -> int:
    """A part of the record (NOTE_KINDS), or its next version with a reason; returns the note's pk.

    supersedes: pk of the version that the writer saw; another amendment of it refuses. After the encounter is closed
    only amendments are written. Raises NoEncounter, NotOpened, EncounterClosed, Superseded, Invalid, Unreadable.
    """
    card = standing(encounter)
    about("encounter", encounter, patient=card.patient)
    if kind not in NOTE_KINDS:
        raise Invalid("note_kind", _("没有这种记录"), "kind")
    words = written.body(text, field=kind)
    if not words:
        raise Invalid("note_empty", _("记录不能为空"), "text")
    made = _begin(by, card, kind, words) if supersedes is None else _amend(by, card, kind, words, supersedes, reason)
    about("note", made.pk, patient=card.patient)
    evidence(encounter=encounter, kind=kind, version=made.version, supersedes=supersedes, length=len(words))
    return made.pk


@act("record.write_up", may="record.write")
def write_up(by: Actor, encounter: int, texts: Mapping[str, str]) -> list[int]:
    """Several parts of the record at once, kind → text, empty ones left out: all or none. Returns their pks.

    Raises what `note` raises; Invalid where every text is empty.
    """
    card = standing(encounter)
    about("encounter", encounter, patient=card.patient)
    filled = {kind: text for kind, text in texts.items() if text.strip()}
    if not filled:
        raise Invalid("note_empty", _("没有填写任何一项"), "complaint")
    evidence(kinds=sorted(filled))
    return [note(by, encounter, kind, text) for kind, text in filled.items()]


def _begin(by: Actor, card: EncounterCard, kind: str, words: str) -> Note:
    if not card.opened_at:
        raise NotOpened
    if card.closed_at:
        raise EncounterClosed
    return _write(by, card, kind, words, version=1)


def _amend(by: Actor, card: EncounterCard, kind: str, words: str, supersedes: int, reason: str) -> Note:
    before = Note.objects.filter(pk=supersedes, encounter=card.id, kind=kind).first()
    if before is None:
        raise Superseded
    why = written.line(reason, longest=200, field="reason")
    if not why:
        raise Invalid("reason", _("请填写修订原因"), "reason")
    if patients.open_for(card.patient, before.text, "note") == words:
        raise Invalid("nothing_changed", _("内容没有改动"), "text")
    sealed = patients.seal_for(card.patient, why, "reason")
    return _write(by, card, kind, words, version=before.version + 1, supersedes=before, reason=sealed)


def _write(by: Actor, card: EncounterCard, kind: str, words: str, **columns: object) -> Note:
    sealed = patients.seal_for(card.patient, words, "note")
    try:
        return Note.objects.create(
            encounter_id=card.id, kind=kind, text=sealed, author_id=by.staff, at=now(), repeated=kind in REPEATED_NOTES,
            **columns,
        )  # fmt: skip
    except IntegrityError as taken:
        raise Superseded from taken
