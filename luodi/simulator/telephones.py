"""Patients with a telephone: they come in by a code, book, check in, and say what they thought of a visit."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from luodi.chart import actions as chart
from luodi.patients.types import NewPatient
from luodi.pharmacy import actions as pharmacy
from luodi.portal import actions as portal
from luodi.portal import logins, policy
from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.simulator import desk, dispensary
from luodi.simulator.place import Script
from luodi.simulator.stories import Scene
from luodi.trust.actor import NOBODY, Actor
from luodi.trust.clock import today

SHOWN = "demo-phones.json"
_WORDS = {5: "医生讲解很耐心，取药也快。", 3: "等候时间有点长。"}


def comes_in(person: NewPatient) -> Actor:
    """A telephone logs in by its code and agrees to the texts."""
    web = NOBODY._replace(device="phone")
    made = portal.new_code(web, person.phone)
    token = portal.log_in(web, made.phone, made.code)
    by = logins.actor(token or "")
    assert by is not None, "a code that was just made lets in"
    for code in policy.consents():
        portal.agree(by, code, given=True)
    return by


def booked(scene: Scene, doctor: str, ahead: int) -> Script:
    """Somebody who was never here books for a coming day, and shows a document when they come."""
    yield from ()
    person = scene.person()
    by = comes_in(person)
    patient = portal.add(by, person, "self")
    assert patient is not None, "nobody else has this document"
    day = today() + timedelta(days=ahead)
    session = next(card for card in desks.sessions(day) if card.doctor == scene.crew.staff(doctor))
    reception.book(by, patient, session.pk)


def rated(scene: Scene, doctor: str, signed: float, overall: int) -> Script:
    """A visit from the desk to the medicine in hand, signed so many minutes before the end, and what it was like."""
    person = scene.person()
    made = reception.register_new(scene.crew("clerk1"), person, session=scene.hospital.session(doctor))
    yield scene.today(signed + 8)
    by, hospital = scene.crew(doctor), scene.hospital
    reception.call(by, made.ticket)
    reception.start(by, made.ticket)
    case = scene.case("outpatient")
    desk.examine(hospital, doctor, made.patient, made.encounter, case, False)
    yield scene.today(signed)
    rx = desk.prescribe(hospital, doctor, made.encounter, case, False)
    desk.sign(hospital, doctor, rx)
    reception.finish(by, made.ticket)
    yield scene.today(signed - 3)
    pharmacy.review(scene.crew("review1"), rx, "pass", rev=desk.rev(rx))
    yield scene.today(signed - 6)
    dispensary.prepared(hospital, scene.crew("dispense1"), doctor, rx)
    yield scene.today(signed - 9)
    pharmacy.check(scene.crew("check1"), rx, dispensary.codes(rx), rev=desk.rev(rx))
    pharmacy.hand_over(scene.crew("check1"), rx, rev=desk.rev(rx), asked=("name", "birth_date"))
    chart.close_encounter(by, made.encounter, "home")
    yield scene.today(signed - 15)
    mine = comes_in(person)
    portal.add(mine, person, "self")
    answers = {code: min(5, overall + place % 2) for place, code in enumerate(policy.questions())}
    portal.rate(mine, made.encounter, answers | {"overall": overall}, nps=2 * overall, words=_WORDS.get(overall, ""))
    _show(person, "一次就诊，已评价")


def waiting(scene: Scene, doctor: str, since: float) -> Script:
    """Registered at the desk, and watching the place in the queue on the telephone."""
    person = scene.person()
    reception.register_new(scene.crew("clerk2"), person, session=scene.hospital.session(doctor))
    yield scene.today(since - 2)
    portal.add(comes_in(person), person, "self")
    _show(person, "正在候诊")


def _show(person: NewPatient, what: str) -> None:
    """The demo's page of login by telephone shows these."""
    file = Path(settings.LUODI_DATA) / SHOWN
    held: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    held = [row for row in held if row["phone"] != person.phone]
    held.insert(0, {"phone": person.phone, "name": person.name, "what": what})
    file.write_text(json.dumps(held[:6], ensure_ascii=False, indent=1), encoding="utf-8")
