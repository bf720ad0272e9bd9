"""The hospital as the scripts see it: crew, chance, who is busy until when, and what is counted."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.simulator.crew import Crew
from luodi.simulator.summary import Summary
from luodi.trust import ledger
from luodi.trust.clock import HOSPITAL_ZONE, now, today

Script = Generator[Any, None, None]
CLINICS = {"doctor1": ("GIM", "101"), "doctor2": ("GIM", "102"), "kids1": ("PED", "201")}
CAPACITY = 400


class Hospital:
    """Shared state of a simulation."""

    def __init__(self, rng: Random, crew: Crew, end: datetime) -> None:
        self.rng, self.crew, self.end = rng, crew, end
        self.free: dict[str, datetime] = {}
        self.counts: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.mistakes: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.bands: list[str] = []
        self.known: dict[str, list[int]] = defaultdict(list)
        self.steps = 0
        self.serial = ledger.head() * 7 % 900_000
        self._sessions: dict[tuple[str, str, str], int] = {}
        self._spawned: list[tuple[datetime, Script]] = []

    def busy(self, login: str, span: timedelta) -> Iterator[datetime]:
        """Wait until the person is free, then take them for `span`."""
        while self.free.get(login, now()) > now():
            yield self.free[login]
        self.free[login] = now() + span

    def spawn(self, at: datetime, script: Script) -> None:
        """Let another script begin at a moment."""
        self._spawned.append((at, script))

    def take_spawned(self) -> list[tuple[datetime, Script]]:
        """The scripts that began since the last call."""
        spawned, self._spawned = self._spawned, []
        return spawned

    def session(self, doctor: str) -> int:
        """The doctor's session of this half-day, opened where there is none."""
        hour = now().astimezone(HOSPITAL_ZONE).hour
        part = "am" if hour < 12 else "pm" if hour < 18 else "night"
        key = (doctor, str(today()), part)
        if key not in self._sessions:
            self._sessions[key] = self._opened(doctor, part)
        return self._sessions[key]

    def _opened(self, doctor: str, part: str) -> int:
        unit, room = CLINICS[doctor]
        staff = self.crew.staff(doctor)
        for card in desks.sessions(today(), unit=self.crew.unit(unit)):
            if (card.doctor, card.part) == (staff, part):
                return card.pk
        return reception.open_session(self.crew("clerk1"), self.crew.unit(unit), staff, today(), part, CAPACITY, room)

    def summary(self, end: datetime) -> Summary:
        """The counts so far."""
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
        )
