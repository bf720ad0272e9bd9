"""A ward with a patient in bed and the medicine from the pharmacy, by the acts that the screens call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from luodi.orders import queries as prescriptions
from luodi.orders.cards import TaskCard
from luodi.patients import queries as patients
from luodi.pharmacy import actions as pharmacy
from luodi.trust import sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Holding, Post, Staff, Unit
from luodi.ward import actions
from tests.orders.place import BEGAN
from tests.pharmacy.store import DAILY, THREE_DAYS, Store, furnished

PASSWORD = "correct-horse-7"


@dataclass
class Scene:
    """`store` is the hospital with its pharmacy; `second` a nurse of the same ward with a password of her own."""

    store: Store
    second: Actor
    admin: Actor
    beds: list[int]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["store"], name)

    def inpatient(self, *lines: Any, bed: int = 0) -> int:
        """A patient in a bed with a prescription that the ward received; returns the prescription."""
        rx = self.handed(*lines, bed=bed)
        actions.receive(self.nurse, rx, self.codes(rx), rev=self.rev(rx))
        return rx

    def handed(self, *lines: Any, bed: int = 0) -> int:
        """The same, handed over by the pharmacy and not yet received."""
        rx = self.store.ready("inpatient", *(lines or (THREE_DAYS,)))
        actions.place(self.nurse, prescriptions.prescription(rx).encounter, self.beds[bed])
        pharmacy.prepare(self.dispenser, rx, rev=self.rev(rx))
        pharmacy.check(self.checker, rx, self.codes(rx), rev=self.rev(rx))
        pharmacy.hand_over(self.checker, rx, rev=self.rev(rx))
        return rx

    @staticmethod
    def doses(rx: int) -> list[TaskCard]:
        return prescriptions.tasks(rx)

    @staticmethod
    def band(rx: int) -> str:
        card = prescriptions.prescription(rx)
        return patients.wristband(card.patient, card.encounter)

    def code(self, task: TaskCard) -> str:
        from luodi.pharmacy import queries

        return next(p.barcode for p in queries.packages(task.prescription) if p.task == task.pk)

    def give(self, task: TaskCard, by: Actor | None = None, **more: Any) -> int:
        """Give a dose with both scans, unless `more` says otherwise."""
        scans = {"wristband": self.band(task.prescription), "package": self.code(task)} | more
        return actions.administer(by or self.nurse, task.pk, outcome="given", **scans)


def hire(login: str, post: str, unit: int, password: str = "!") -> Actor:
    row = Post.objects.get(code=post)
    staff = Staff.objects.create(
        login=login, name_zh=login, password=password, password_at=BEGAN, must_change=False, admin_kind=row.admin_kind
    )
    held = Holding.objects.create(staff=staff, post=row, unit_id=unit, since=BEGAN, admin_kind=row.admin_kind)
    _token, session = sessions.begin(staff.pk, "test", second_factor=True, holding=held.pk)
    return sessions.actor_of(session)


def opened() -> Scene:
    store = furnished()
    ward = store.units["W1"]
    second = hire("second", "ward_nurse", ward, make_password(PASSWORD))
    admin = hire("admin", "system_admin", store.units["IT"])
    for medicine in ("M0565", "M0572"):
        store.lot(medicine, "500")
    return Scene(store, second, admin, actions.furnish(admin, ward, ["01", "02", "03"]))


def observation_unit() -> int:
    return Unit.objects.get_or_create(
        code="OBS", defaults={"name_zh": "留观", "name_en": "Obs", "kind": "observation"}
    )[0].pk


def when(task: TaskCard, **delta: float) -> datetime:
    from datetime import timedelta

    return task.planned_at + timedelta(**delta)


__all__ = ["DAILY", "PASSWORD", "THREE_DAYS", "Scene", "hire", "observation_unit", "opened", "when"]
