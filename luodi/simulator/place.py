"""The hospital as the scripts see it: crew, chance, who is busy until when, and what is counted."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.reception.actions.sessions import MOST
from luodi.simulator.crew import Crew
from luodi.simulator.summary import Summary, told
from luodi.simulator.tables import rows
from luodi.trust import ledger
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now, today

Script = Generator[Any, None, None]


class Hospital:
    """Shared state of a simulation. per_day: visits that a day may bring; every clinic session has room for them."""

    def __init__(self, rng: Random, crew: Crew, end: datetime, *, per_day: int = 0) -> None:
        self.rng, self.crew, self.end, self.per_day = rng, crew, end, per_day
        self.free: dict[str, datetime] = {}
        self.counts: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.mistakes: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.bands: list[str] = []
        self.known: dict[str, list[tuple[int, date]]] = defaultdict(list)
        self.chances: Counter[str] = Counter()
        self.steps = 0
        self.serial = ledger.head() * 7 % 900_000
        self._sessions: dict[tuple[str, str, str], int] = {}
        self._spawned: list[tuple[datetime, Script]] = []

    def busy(self, login: str, span: timedelta) -> Iterator[datetime]:
        """Wait until the person is free, then take them for `span`."""
        while self.free.get(login, now()) > now():
            yield self.free[login]
        self.free[login] = now() + span

    def served(self, login: str, span: timedelta) -> Generator[datetime, None, Actor]:
        """Wait until the first of the person's colleagues is free, take them for `span`, and return who it is."""
        team = self.crew.colleagues(login)
        while self.free.get(first := min(team, key=lambda one: self.free.get(one, now())), now()) > now():
            yield self.free[first]
        self.free[first] = now() + span
        return self.crew(first)

    def spawn(self, at: datetime, script: Script) -> None:
        """Let another script begin at a moment."""
        self._spawned.append((at, script))

    def take_spawned(self) -> list[tuple[datetime, Script]]:
        """The scripts that began since the last call."""
        spawned, self._spawned = self._spawned, []
        return spawned

    def slips(self, kind: str, every: int) -> bool:
        """True at the first chance to make this mistake, and then once in `every` chances."""
        self.chances[kind] += 1
        return self.chances[kind] % every == 1

    def returning(self, pool: str) -> int | None:
        """Somebody who came on an earlier day, each of them once; None where there is nobody."""
        known = self.known[pool]
        earlier = sum(day < today() for _patient, day in known)
        return known.pop(self.rng.randrange(earlier))[0] if earlier else None

    def session(self, doctor: str) -> int:
        """The doctor's session of this half-day with slots enough, opened where there is none."""
        hour = now().astimezone(HOSPITAL_ZONE).hour
        part = "am" if hour < 12 else "pm" if hour < 18 else "night"
        key = (doctor, str(today()), part)
        if key not in self._sessions:
            self._sessions[key] = self.opened(doctor, part)
        return self._sessions[key]

    def opened(self, doctor: str, part: str) -> int:
        """The doctor's session of a half-day (am, pm, night) of today: widened where it is too small, else opened."""
        clinic = next(row for row in (*rows("clinics.csv"), *rows("relief.csv")) if row["login"] == doctor)
        by, unit, staff = self.crew("clerk1"), self.crew.unit(clinic["unit"]), self.crew.staff(doctor)
        slots = min(MOST, max(int(clinic["slots"]), self.per_day))
        for card in desks.sessions(today(), unit=unit):
            if (card.doctor, card.part) == (staff, part):
                if card.capacity is not None and card.capacity < slots:
                    reception.resize_session(by, card.pk, slots)
                return card.pk
        return reception.open_session(by, unit, staff, today(), part, slots, clinic["room"])

    def summary(self, since: datetime) -> Summary:
        """The counts so far, and the measures of the time from `since` to the end as of the last sealed position."""
        count = self.counts
        return Summary(
            visits=sum(self.classes.values()),
            classes=dict(sorted(self.classes.items())),
            no_shows=count["no_show"],
            prescriptions=count["signed"],
            returned=count["returned"],
            dispensed=count["dispensed"],
            doses_given=count["given"],
            doses_not_given=count["not_given"],
            mistakes=dict(sorted(self.mistakes.items())),
            refusals=dict(sorted(self.refused.items())),
            head=ledger.head(),
            measures=told(since, self.end),
        )
