"""Patients of a running demo, brought as far as a journey needs them by the acts of the simulator.

Run by itself it works on the hospital of a data folder, beside the processes that serve it, and prints one JSON line:
`python -m tests.journeys.arranging FOLDER opened received:insulin …` — a patient a word, at the step and with the
medicine that the word names.
"""

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
STEPS = ("arrived", "opened", "placed", "signed", "reviewed", "verified", "handed", "received")
# medicine, dose, unit, route, usage: one dose that is due at once
MEDICINES = {
    "ambroxol": ("M0565", "30", "mg", "po", ""),
    "insulin": ("M0067", "6", "IU", "sc", ""),
    "wordy": (
        "M0067",
        "6",
        "IU",
        "sc",
        "餐前 15 分钟皮下注射，低于 4.0 mmol/L 时暂停并立即报告值班医师，警惕夜间低血糖；" + "慢" * 28,
    ),
}
LONGEST_NAME = "阿卜杜热合曼江·阿卜力克木·吐尔逊巴依·艾则孜汗"


class Patient(NamedTuple):
    """What a journey has to know of a patient: keys, the name on the band, and the codes that a scanner would read.

    bed, band, rx and packages are empty where the patient has not come so far.
    """

    pk: int
    encounter: int
    name: str
    bed: str
    band: str
    rx: int
    number: str
    packages: list[str]


def arranged(data: Path, *words: str) -> list[Patient]:
    """Make these patients in the hospital of a folder, in a process of its own."""
    command = [sys.executable, "-m", "tests.journeys.arranging", str(data), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return [Patient(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def _bring(place: Any, serial: int, step: str, medicine: str) -> dict[str, Any]:
    from luodi.chart import actions as chart
    from luodi.orders import actions as orders
    from luodi.orders.cards import LineWish
    from luodi.patients import queries as patients
    from luodi.pharmacy import actions as pharmacy
    from luodi.pharmacy import queries as shelves
    from luodi.reception import actions as reception
    from luodi.simulator import desk, dispensary, people
    from luodi.trust.clock import today
    from luodi.ward import actions as ward
    from luodi.ward import queries as beds

    crew, far = place.crew, STEPS.index(step)
    found = {"bed": "", "band": "", "rx": 0, "number": "", "packages": []}
    person = people.patient(place.rng, place.serial + serial, today())
    if medicine == "wordy":
        person = replace(person, name=LONGEST_NAME)
    made = reception.register_new(crew("clerk1"), person, unit=crew.unit("ED"))
    found |= {"pk": made.patient, "encounter": made.encounter, "name": person.name}
    vitals = {"pulse": 82, "systolic": 126, "respiration": 14, "spo2": 98, "temperature": "36.7"}
    reception.triage(crew("triage1"), made.encounter, 4, vitals, "腹泻、呕吐半天", "护士评估")

    def rev() -> int:
        return desk.rev(found["rx"])

    def opened() -> None:
        reception.call(crew("edoctor1"), made.ticket)
        reception.start(crew("edoctor1"), made.ticket)
        by = crew("edoctor1")
        chart.write_up(by, made.encounter, {"complaint": "腹泻、呕吐半天", "exam": "腹软", "plan": "对症处理"})
        chart.diagnose(by, made.encounter, "A09", True)
        chart.state_allergies(by, made.patient, "denied")

    def placed() -> None:
        bed, code = beds.free_beds(crew.unit("W1"))[0]
        ward.place(crew("edoctor1"), made.encounter, bed)
        found.update(bed=code, band=patients.wristband(made.patient, made.encounter))

    def signed() -> None:
        code, dose, unit, route, usage = MEDICINES[medicine]
        rx = int(orders.draft(crew("wdoctor1"), made.encounter))
        orders.put_line(crew("wdoctor1"), rx, LineWish(code, Decimal(dose), unit, route, "st", Decimal(1), usage=usage))
        found["rx"] = rx
        desk.sign(place, "wdoctor1", rx)

    def handed() -> None:
        rx = found["rx"]
        pharmacy.prepare(crew("dispense1"), rx, rev=rev())
        pharmacy.check(crew("check1"), rx, dispensary.codes(rx), rev=rev())
        pharmacy.hand_over(crew("check1"), rx, rev=rev())

    ways = {
        "opened": opened,
        "placed": placed,
        "signed": signed,
        "reviewed": lambda: pharmacy.review(crew("review1"), found["rx"], "pass", rev=rev()),
        "verified": lambda: ward.verify(crew("nurse1"), found["rx"], rev=rev()),
        "handed": handed,
        "received": lambda: ward.receive(crew("nurse1"), found["rx"], dispensary.codes(found["rx"]), rev=rev()),
    }
    for name in STEPS[1 : far + 1]:
        ways[name]()
    if found["rx"]:
        found["packages"] = [package.barcode for package in shelves.packages(found["rx"])]
        from luodi.orders import queries as prescriptions

        found["number"] = prescriptions.prescription(found["rx"]).number
    return found


def _beds_for(place: Any, wanted: int) -> None:
    """Free beds enough, however full the simulated week left the ward."""
    from luodi.ward import actions as ward
    from luodi.ward import queries as beds

    unit = place.crew.unit("W1")
    short = wanted - len(beds.free_beds(unit))
    if short > 0:
        all_beds = len(beds.board(place.crew("wdoctor1"), unit))
        ward.furnish(
            place.crew("sysadmin"), unit, [f"{number:02d}" for number in range(all_beds + 1, all_beds + short + 1)]
        )


def main(folder: str, *words: str) -> None:
    from luodi.cli.place import open_hospital

    open_hospital(Path(folder), mode="demo")
    from random import Random

    from luodi.simulator.crew import Crew
    from luodi.simulator.place import Hospital
    from luodi.trust.clock import now

    place = Hospital(Random(), Crew(), now())
    _beds_for(place, len(words) + 2)
    made = []
    for serial, word in enumerate(words):
        step, _colon, medicine = word.partition(":")
        made.append(_bring(place, serial, step, medicine or "ambroxol"))
    sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
