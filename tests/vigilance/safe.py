"""The ward's hospital with an officer for reactions and one for recalls."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from luodi.orders import queries as prescriptions
from luodi.pharmacy import actions as pharmacy
from luodi.trust import clock
from luodi.trust.actor import Actor
from luodi.vigilance import actions, queries
from luodi.vigilance.types import Form
from tests.pharmacy.store import AMBROXOL, MONDAY, THREE_DAYS
from tests.ward.scene import Scene, hire
from tests.ward.scene import opened as ward


@dataclass
class Safe:
    scene: Scene
    officer: Actor
    recaller: Actor

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["scene"], name)

    def at_home(self, *lines: Any) -> int:
        """An outpatient who took the medicine home; returns the prescription."""
        rx = self.scene.store.ready("outpatient", *(lines or (THREE_DAYS,)))
        pharmacy.prepare(self.dispenser, rx, rev=self.rev(rx))
        pharmacy.check(self.checker, rx, self.codes(rx), rev=self.rev(rx))
        pharmacy.hand_over(self.checker, rx, rev=self.rev(rx), asked=["name", "birth_date"])
        return rx

    @staticmethod
    def patient_of(rx: int) -> int:
        return prescriptions.prescription(rx).patient

    def form(self, patient: int, **more: Any) -> Form:
        """A report on the newest thing that the patient was given."""
        newest = queries.exposures(patient)[0].package
        start = {
            "onset": clock.now(), "known_at": clock.now(), "suspects": (newest,), "terms": ("rash",),
            "words": "服药半小时后躯干出现红色皮疹", "outcome": "improved",
        }  # fmt: skip
        return Form(**(start | more))

    def reported(self, **more: Any) -> int:
        """A reaction of somebody at home, with the officer."""
        patient = self.patient_of(self.at_home())
        pk = actions.draft(self.doctor, patient, self.form(patient, **more))
        actions.report(self.doctor, pk)
        return pk

    def recall(self, *lot_nos: str, level: str = "1") -> int:
        return actions.open_recall(
            self.recaller, AMBROXOL, lot_nos or ("A1",), level=level, source="holder", reason="含量不合格",
            noticed_at=clock.now() - timedelta(hours=1),
        )  # fmt: skip


def opened() -> Safe:
    scene = ward()
    unit = scene.units["PHA"]
    return Safe(scene, hire("adr", "adr_officer", unit), hire("recaller", "recall_officer", unit))


__all__ = ["AMBROXOL", "MONDAY", "THREE_DAYS", "Decimal", "Safe", "opened"]
