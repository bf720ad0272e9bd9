"""Patients who walk into the emergency clinic of a running demo, brought by the simulator's acts as far as a journey
needs them: the way of arranging.py for those who get no bed.

`python -m tests.journeys.walk_in FOLDER triaged signed:M0321:150 prepared …` prints one JSON line; a word is the step,
then the medicine and its dose in mg, by mouth twice a day for three days unless route, frequency and days follow.
`stocked:M0564:20` brings nobody: so many units come to the pharmacy's shelf.
"""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
ROXITHROMYCIN = ("M0321", "150")
STEPS = ("arrived", "triaged", "opened", "signed", "reviewed", "prepared")


class WalkIn(NamedTuple):
    """Keys of what was made, and the codes on the packages; empty where the patient has not come so far."""

    pk: int
    encounter: int
    ticket: int
    name: str
    id_no: str
    sex: str
    born: str
    rx: int
    number: str
    packages: list[str]


def walked_in(data: Path, *words: str) -> list[WalkIn]:
    """Bring these patients in, in a process of its own."""
    command = [sys.executable, "-m", "tests.journeys.walk_in", str(data), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return [WalkIn(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def bring(
    place: Any,
    serial: int,
    step: str,
    medicine: str,
    dose: str,
    route: str = "po",
    frequency: str = "bid",
    days: str = "3",
) -> WalkIn:
    from luodi.chart import actions as chart
    from luodi.orders import actions as orders
    from luodi.orders import queries as prescriptions
    from luodi.orders.cards import LineWish
    from luodi.pharmacy import actions as pharmacy
    from luodi.pharmacy import queries as shelves
    from luodi.reception import actions as reception
    from luodi.simulator import desk, people
    from luodi.trust.clock import today

    crew, far = place.crew, STEPS.index(step)
    person = people.patient(place.rng, place.serial + serial, today())
    made = reception.register_new(crew("clerk1"), person, unit=crew.unit("ED"))
    doctor, rx = crew("edoctor1"), 0
    if far >= STEPS.index("triaged"):
        vitals = {"pulse": 82, "systolic": 126, "respiration": 14, "spo2": 98, "temperature": "37.9"}
        reception.triage(crew("triage1"), made.encounter, 4, vitals, "咽痛、发热2天", "护士评估")
    if far >= STEPS.index("opened"):
        reception.call(doctor, made.ticket)
        reception.start(doctor, made.ticket)
        chart.write_up(doctor, made.encounter, {"complaint": "咽痛、发热2天", "exam": "双侧扁桃体Ⅱ度肿大"})
        chart.diagnose(doctor, made.encounter, "J03.9", True)
        chart.state_allergies(doctor, made.patient, "denied")
    if far >= STEPS.index("signed"):
        rx = int(orders.draft(doctor, made.encounter))
        orders.put_line(doctor, rx, LineWish(medicine, Decimal(dose), "mg", route, frequency, Decimal(days)))
        desk.sign(place, "edoctor1", rx)
    if far >= STEPS.index("reviewed"):
        pharmacy.review(crew("review1"), rx, "pass", rev=desk.rev(rx))
    if far >= STEPS.index("prepared"):
        pharmacy.prepare(crew("dispense1"), rx, rev=desk.rev(rx))
    return WalkIn(
        pk=made.patient,
        encounter=made.encounter,
        ticket=made.ticket,
        name=person.name,
        id_no=person.id_no,
        sex=person.sex,
        born=str(person.birth_date),
        rx=rx,
        number=prescriptions.prescription(rx).number if rx else "",
        packages=[package.barcode for package in shelves.packages(rx)] if rx else [],
    )


def delivered(place: Any, medicine: str, qty: str) -> None:
    from datetime import timedelta
    from secrets import token_hex

    from luodi.stock import actions as stock
    from luodi.trust.clock import today

    expiry = today() + timedelta(days=500)
    stock.receive(place.crew("store1"), medicine, f"J{token_hex(3)}", expiry, Decimal(qty), place="J-01")


def main(folder: str, *words: str) -> None:
    from luodi.cli.place import open_hospital

    open_hospital(Path(folder), mode="demo")
    from random import Random

    from luodi.simulator.crew import Crew
    from luodi.simulator.place import Hospital
    from luodi.trust.clock import now

    place = Hospital(Random(), Crew(), now())
    made = []
    for serial, word in enumerate(words):
        step, *line = word.split(":")
        if step == "stocked":
            delivered(place, *line)
            continue
        made.append(bring(place, serial, step, *(line or ROXITHROMYCIN))._asdict())
    sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
