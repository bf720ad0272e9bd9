"""The hospital of the orders' tests with a pharmacy that holds stock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password

from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import actions, queries
from luodi.stock import actions as stock
from luodi.stock.models import Lot, Movement
from luodi.trust import sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Holding, Post, Staff
from tests.orders.place import BEGAN, Place, build, wish

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
FAR = date(2028, 1, 31)
AMBROXOL, LORATADINE = "M0565", "M0572"  # tablets of 30 mg and 10 mg
THREE_DAYS = wish(AMBROXOL, "30", "mg")  # three times a day for three days: nine tablets
DAILY = wish(LORATADINE, "10", "mg", frequency="qd")  # three tablets


class Both(NamedTuple):
    """One person who holds two posts of the pharmacy, and works as one at a time."""

    as_dispenser: Actor
    as_checker: Actor


@dataclass
class Store:
    """`place` is the hospital; `keeper` and `both` are people of the pharmacy alone."""

    place: Place
    keeper: Actor
    both: "Both"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["place"], name)

    def also(self, post: str) -> Actor:
        """One more person of the pharmacy, in this post."""
        if post not in self.place.people:
            (self.place.people[post],) = _hired(post, self.place.units["PHA"], post)
        return self.place.people[post]

    def approving(self) -> dict[str, str]:
        """What a stock approver types beside a count that differs."""
        staff = Staff.objects.get(pk=self.also("stock_approver").staff)
        staff.password = make_password("Approves-2026!")
        staff.save()
        return {"login": staff.login, "password": "Approves-2026!"}

    def lot(self, medicine: str, qty: str = "100", expiry: date = FAR, lot_no: str = "A1", place: str = "A-01") -> int:
        return stock.receive(self.keeper, medicine, lot_no, expiry, Decimal(qty), place=place)

    def ready(self, visit_class: str = "outpatient", *lines: Any) -> int:
        """A prescription that waits to be prepared, reviewed by the pharmacy's own act."""
        rx = self.place.signed(visit_class, *lines)
        actions.review(self.pharmacist, rx, "pass", rev=self.rev(rx))
        if visit_class in ("inpatient", "observation"):
            self.place.take(rx, Step.VERIFIED)
        return rx

    def prepared(self, *args: Any) -> int:
        rx = self.ready(*args)
        actions.prepare(self.dispenser, rx, rev=self.rev(rx))
        return rx

    def codes(self, rx: int) -> list[str]:
        return [package.barcode for package in queries.packages(rx)]

    @staticmethod
    def rev(rx: int) -> int:
        return prescriptions.prescription(rx).rev

    @staticmethod
    def step(rx: int) -> Step:
        return prescriptions.prescription(rx).step


def furnished() -> Store:
    place = build()
    unit = place.units["PHA"]
    (keeper,) = _hired("keeper", unit, "stock_keeper")
    return Store(place, keeper, Both(*_hired("both", unit, "dispenser", "check_pharmacist")))


def _hired(login: str, unit: int, *posts: str) -> list[Actor]:
    staff = Staff.objects.create(login=f"p-{login}", name_zh=login, password="!", password_at=BEGAN, must_change=False)
    actors = []
    for post in posts:
        holding = Holding.objects.create(staff=staff, post=Post.objects.get(code=post), unit_id=unit, since=BEGAN)
        _token, row = sessions.begin(staff.pk, "test", second_factor=True, holding=holding.pk)
        actors.append(sessions.actor_of(row))
    return actors


def balanced() -> bool:
    """The law of stock: every lot holds the sum of its movements, and never less than nothing."""
    for lot in Lot.objects.all():
        moved = sum((m.qty for m in Movement.objects.filter(lot=lot)), Decimal(0))
        assert lot.on_hand == moved, (lot.pk, lot.on_hand, moved)
        assert lot.on_hand >= 0
    return True


__all__ = ["AMBROXOL", "DAILY", "FAR", "LORATADINE", "MONDAY", "THREE_DAYS", "Store", "balanced", "furnished", "wish"]
