"""Readings of a record are looked at from now on, or no more. Who sets it and who ends it are different posts."""

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.trust import access, people, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .. import scrutiny, written
from ..models import Patient, Watch, WatchEnd
from ..refusals import Invalid, NoPatient, NoWatch, Watched

WATCH, END = "scrutiny.set", "scrutiny.end"


@act("scrutiny.set", may=WATCH)
def watch(by: Actor, patient: int, kind: str, words: str, *, login: str = "") -> int:
    """Let the readings of a record be looked at; returns the watch. login: of the member of staff whose record it is.

    kind: a code of scrutiny.csv. Raises Watched, NoPatient, Invalid.
    """
    about("patient", patient, patient=patient, care=False)
    row = Patient.objects.select_related("key").filter(pk=patient).first()
    if row is None:
        raise NoPatient
    why = written.line(words, longest=200, field="words")
    if kind not in scrutiny.kinds():
        raise Invalid("watch_kind", _("请选择关注的类别"), "kind")
    if not why:
        raise Invalid("watch_words", _("请填写关注的理由"), "words")
    own = people.known_by(login) if kind == scrutiny.STAFF else None
    if kind == scrutiny.STAFF and own is None:
        raise Invalid("watch_login", _("没有这个工号：本院员工请填写其工号"), "login")
    if Watch.objects.filter(patient=patient, live=True).exists():
        raise Watched
    try:
        made = Watch.objects.create(
            patient=row,
            kind=kind,
            own_id=own,
            words=vault.seal(why, row.key, field="watch"),
            staff_id=by.staff,
            at=now(),
        )
    except IntegrityError as taken:
        raise Watched from taken
    access.watch(patient, own or 0)
    evidence(watch=made.pk, kind=kind, own=own)
    return made.pk


@act("scrutiny.end", may=END)
def unwatch(by: Actor, watch: int, words: str) -> None:
    """Look at the readings no more; those that were noted stay. Raises NoWatch, Invalid."""
    row = Watch.objects.select_related("patient__key").filter(pk=watch).first()
    if row is None:
        raise NoWatch
    about("patient", row.patient_id, patient=row.patient_id, care=False)
    why = written.line(words, longest=200, field="words")
    if not why:
        raise Invalid("watch_words", _("请填写解除关注的理由"), "words")
    if not Watch.objects.filter(pk=watch, live=True).update(live=False):
        raise NoWatch
    sealed = vault.seal(why, row.patient.key, field="watch.end")
    WatchEnd.objects.create(watch=row, words=sealed, staff_id=by.staff, at=now())
    access.unwatch(row.patient_id)
    evidence(watch=watch, kind=row.kind)
