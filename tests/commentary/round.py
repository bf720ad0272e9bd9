"""A pharmacy with people who comment, and a Monday's prescriptions to comment on the day after."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from luodi.commentary import actions
from luodi.commentary.models import Assignment, Case
from luodi.commentary.typed import read
from luodi.trust import clock, sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Holding, Post, Staff
from tests.orders.place import BEGAN
from tests.pharmacy.store import DAILY, MONDAY, THREE_DAYS, Store, furnished

DAY = date(2026, 11, 23)
NEXT = MONDAY + timedelta(days=1)
PEOPLE = {
    "one": "clinical_pharmacist",
    "two": "clinical_pharmacist",
    "head": "pharmacy_head",
    "affairs": "medical_affairs",
}


@dataclass
class Round:
    """`store` is the pharmacy; commentators `one` and `two`, `head` of pharmacy, `affairs`."""

    store: Store
    people: dict[str, Actor]

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["people"].get(name) or getattr(self.__dict__["store"], name)

    def prescriptions(self, count: int) -> list[int]:
        with clock.at(MONDAY):
            return [self.store.ready("outpatient", *((THREE_DAYS, DAILY) if n % 2 else (DAILY,))) for n in range(count)]

    def draw(self, kind: str = "outpatient", first: date = DAY, last: date = DAY, scope: int = 0) -> int:
        return actions.draw(self.head, kind, first, last, scope)

    def assigned(self, *who: str) -> int:
        """A drawn sample, its cases given out."""
        sample = self.draw()
        actions.assign(self.head, sample, [self.people[name].staff for name in who or ("one",)])
        return sample

    def comment(self, case: int, codes: str = "", text: str = "", role: str = "first") -> int:
        row = Assignment.objects.get(case=case, role=role)
        by = next(actor for actor in self.people.values() if actor.staff == row.staff_id)
        return actions.comment(by, row.pk, read(codes), text)

    def judge(self, sample: int, *codes: str) -> list[int]:
        """Comment on every case in the order of the drawing: the codes given, then reasonable."""
        pks = list(Case.objects.filter(sample=sample).order_by("place").values_list("pk", flat=True))
        for place, case in enumerate(pks):
            said = codes[place] if place < len(codes) else ""
            self.comment(case, said)
            if Assignment.objects.filter(case=case, role="second").exists():
                self.comment(case, said, role="second")
        return pks


def opened() -> Round:
    store = furnished()
    return Round(store, {name: _hired(name, post, store.units["PHA"]) for name, post in PEOPLE.items()})


def _hired(login: str, post: str, unit: int) -> Actor:
    staff = Staff.objects.create(
        login=f"c-{login}", name_zh=f"点评{login}", password="!", password_at=BEGAN, must_change=False
    )
    holding = Holding.objects.create(staff=staff, post=Post.objects.get(code=post), unit_id=unit, since=BEGAN)
    _token, row = sessions.begin(staff.pk, "test", second_factor=True, holding=holding.pk)
    return sessions.actor_of(row)
