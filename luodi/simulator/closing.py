"""The closing scene: patients of the last hour, each left at another step, so that no worklist stands empty at the end.

It has patients and chance of its own, and plays after the simulated days: these are the same with it and without it.
What lapses at midnight is done after midnight: just after it, the scene is as much shorter as the day is young. Doses
and emergency patients wait as long as at any other hour. The clinics work at any hour, at night in a night session.
"""

from datetime import datetime

from luodi.simulator import board, commentary, dispensary, safety, stories, telephones
from luodi.simulator.running import carry_out
from luodi.simulator.stories import LEAD, Scene
from luodi.trust import clock


def play(*, seed: int, until: datetime | None = None) -> int:
    """Let the last hour before `until` (default now) happen; returns how many patients came. Raises any Refusal."""
    end = until or clock.now()
    with clock.at(end - LEAD):
        scene = Scene(seed, end)
    for part in (_clinics, _emergency, _pharmacy, _wards, _ahead, _telephones):
        part(scene)
    carry_out(scene.hospital, scene.scripts, expected=frozenset())
    with clock.at(end):
        board.sit(scene.crew)
        commentary.play(scene.crew)
        safety.told(scene.hospital)
        dispensary.came_back(scene.hospital, {"W1": "nurse1", "OBS": "onurse1"})
    return scene.patients


def begins(end: datetime) -> datetime:
    """The scene that ends at `end` writes nothing dated before this."""
    return end - LEAD


def _clinics(scene: Scene) -> None:
    """People in the three queues, and one with a dangerous allergy at a desk."""
    for doctor, waits in {"doctor1": (31, 17, 6), "doctor2": (26, 11), "kids1": (22, 9)}.items():
        for wait in waits:
            scene.begin(scene.today(wait), stories.queued(scene, doctor))
    scene.begin(scene.today(24), stories.allergic(scene, "doctor1"))
    scene.begin(scene.today(35), stories.glass_broken(scene, "doctor2", "edoctor1"))


def _emergency(scene: Scene) -> None:
    """Some wait for the triage nurse, one of them again; some for the doctor."""
    for wait in (7, 3):
        scene.begin(scene.ago(wait), stories.arrived(scene))
    for wait, level in ((38, 3), (27, 4), (16, 3), (8, 2)):
        scene.begin(scene.ago(wait), stories.triaged(scene, level))
    scene.begin(scene.today(34), stories.rescued(scene, "edoctor1", 14))


def _pharmacy(scene: Scene) -> None:
    """Prescriptions on their way through the pharmacy, and one on its way back."""
    signed = (
        ("doctor1", "asked"), ("edoctor1", ""), ("doctor2", ""), ("kids1", "child"),
        ("edoctor2", ""), ("doctor1", ""), ("edoctor1", ""),
    )  # fmt: skip
    for place, (doctor, kind) in enumerate(signed):
        scene.begin(scene.today(52 - 3 * place), stories.filled(scene, doctor, kind, 24 - 3 * place, ""))
    further = (
        ("doctor1", "checked"), ("edoctor2", "checked"), ("doctor2", "prepared"), ("edoctor1", "prepared"),
        ("edoctor2", "reviewed"), ("doctor2", "reviewed"), ("doctor1", "reviewed"), ("doctor1", "returned"),
    )  # fmt: skip
    for place, (doctor, step) in enumerate(further):
        scene.begin(scene.today(86 - 3 * place), stories.filled(scene, doctor, "", 62 - 3 * place, step))
    scene.begin(scene.today(84), stories.owed(scene, "doctor1", "owed", 63))
    scene.begin(scene.today(82), stories.owed(scene, "doctor2", "owed_and_come", 60, came=True))


def _wards(scene: Scene) -> None:
    """Doses that were not given in time, doses to give now, and orders on their way to the bed."""
    scene.begin(scene.ago(89), stories.bedded(scene, "W1", "at_once", 78, "received", failing=True))
    scene.begin(scene.ago(88), stories.bedded(scene, "W1", "at_once_single", 76, "received"))
    scene.begin(scene.ago(87), stories.bedded(scene, "OBS", "at_once_single", 74, "received"))
    scene.begin(scene.ago(40), stories.bedded(scene, "W1", "at_once", 14, "received"))
    scene.begin(scene.ago(38), stories.bedded(scene, "OBS", "at_once_single", 12, "received"))
    scene.begin(scene.ago(60), stories.bedded(scene, "W1", "inpatient", 33, "handed"))
    scene.begin(scene.ago(56), stories.bedded(scene, "W1", "inpatient", 27, "verified"))
    scene.begin(scene.ago(52), stories.bedded(scene, "W1", "inpatient", 22, "reviewed"))


def _ahead(scene: Scene) -> None:
    """Appointments of the coming days."""
    for place, doctor in enumerate(
        ("doctor1", "doctor2", "kids1", "doctor1", "doctor2", "doctor1", "kids1", "doctor2")
    ):
        scene.begin(scene.today(48 - 5 * place), stories.booked(scene, doctor, 1 + place % 3))


def _telephones(scene: Scene) -> None:
    """Who books, waits and rates by telephone."""
    for place, overall in enumerate((5, 4, 5, 3)):
        doctor = ("doctor1", "doctor2")[place % 2]
        scene.begin(scene.today(84 - 4 * place), telephones.rated(scene, doctor, 58 - 4 * place, overall))
    for place, doctor in enumerate(("doctor1", "doctor2", "doctor2")):
        scene.begin(scene.today(30 - 5 * place), telephones.booked(scene, doctor, 1 + place))
    scene.begin(scene.today(14), telephones.waiting(scene, "doctor2", 14))
