"""Numbers of the units' policy with their effective dates, read from `data/` (source: `data/SOURCE.md`)."""

from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from luodi.trust.spoken import spoken
from luodi.trust.tables import Named, in_force, rows

_DATA = Path(__file__).parent / "data"
PORTAL, KIOSK = "portal", "kiosk"  # channels of whoever books by telephone, and at a terminal in the hall


class Priority(NamedTuple):
    """A class of the queue; a lower rank is called first."""

    code: str
    rank: int
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return spoken(self.name_zh, self.name_en)


class Level(NamedTuple):
    """A triage level. respond: minutes from triage to the doctor; retriage: minutes until the next assessment."""

    level: int
    name_zh: str
    name_en: str
    respond: int
    retriage: int | None
    zone_zh: str
    zone_en: str

    @property
    def name(self) -> str:
        return spoken(self.name_zh, self.name_en)

    @property
    def zone(self) -> str:
        return spoken(self.zone_zh, self.zone_en)


class UnitPolicy(NamedTuple):
    """How the units of a kind run their queue. Minutes, places, hours, days as named."""

    kind: str
    visit_class: str
    wait_minutes: int
    returns_behind: int
    untriaged_rank: int
    open_hours: int
    care_days: int
    board_rows: int


class Booking(NamedTuple):
    """How slots are booked ahead; units as in `data/booking.csv`."""

    ahead_days: int
    release_minute: int
    segment_minutes: int
    hold_minutes: int
    offer_minutes: int
    return_hours: int
    cancel_minutes: int
    checkin_minutes: int
    unit_half_day: int
    open_most: int
    phone_open_most: int
    missed_count: int
    missed_window_days: int
    missed_ban_days: int


def priorities(on: date | None = None) -> dict[str, Priority]:
    """Priority classes in force on a day (today), by code, in order of rank."""
    found = [
        Priority(row["code"], int(row["rank"]), row["name_zh"], row["name_en"])
        for row in in_force(_DATA / "priorities.csv", on)
    ]
    return {priority.code: priority for priority in sorted(found, key=lambda priority: priority.rank)}


def levels(on: date | None = None) -> dict[int, Level]:
    """Triage levels in force on a day (today), 1 to 4."""
    return {
        int(row["level"]): Level(
            int(row["level"]),
            row["name_zh"],
            row["name_en"],
            int(row["respond_min"]),
            int(row["retriage_min"]) if row["retriage_min"] else None,
            row["zone_zh"],
            row["zone_en"],
        )
        for row in in_force(_DATA / "triage_levels.csv", on)
    }


def of_unit(kind: str, on: date | None = None) -> UnitPolicy | None:
    """The policy of a kind of unit; None for a kind that registers nobody."""
    for row in in_force(_DATA / "unit_policy.csv", on):
        if row["unit_kind"] == kind:
            return UnitPolicy(kind, row["visit_class"], *(int(row[name]) for name in _NUMBERS))
    return None


_NUMBERS: tuple[Any, ...] = (
    "wait_threshold_min",
    "returns_behind",
    "untriaged_rank",
    "open_hours",
    "care_days",
    "board_rows",
)


class Late(NamedTuple):
    """What becomes of who comes after the segment: `walk_in` from the check-in on, or `behind` so many who wait."""

    rule: str
    behind: int


def late(kind: str, on: date | None = None) -> Late:
    """The rule for late patients of a kind of unit on a day (today); where there is none, a walk-in."""
    for row in in_force(_DATA / "late.csv", on):
        if row["unit_kind"] == kind:
            return Late(row["rule"], int(row["behind"] or 0))
    return Late("walk_in", 0)


def news_before(kind: str, on: date | None = None) -> int:
    """How many new patients go before one who comes back with results, in units of a kind (1 where none is said)."""
    return next((int(row["news"]) for row in in_force(_DATA / "returning.csv", on) if row["unit_kind"] == kind), 1)


class Point(NamedTuple):
    """A time point of a green channel; target: minutes from arrival."""

    code: str
    name_zh: str
    name_en: str
    target: int

    @property
    def name(self) -> str:
        return spoken(self.name_zh, self.name_en)


class MassColour(NamedTuple):
    """A colour of the quick triage of many victims. level: the triage level that it stands for, None for black.

    key: the letter that gives it, with Alt. signs: what calls for it. level_rank: where the victim queues.
    """

    code: str
    key: str
    name_zh: str
    name_en: str
    level: int | None
    level_rank: int
    signs_zh: str
    signs_en: str

    @property
    def name(self) -> str:
        return spoken(self.name_zh, self.name_en)

    @property
    def signs(self) -> str:
        return spoken(self.signs_zh, self.signs_en)


class GreenKind(NamedTuple):
    """A kind of green channel with its points in the order in which they are due."""

    code: str
    name_zh: str
    name_en: str
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        return spoken(self.name_zh, self.name_en)


def green_channels(on: date | None = None) -> dict[str, GreenKind]:
    """Kinds of green channel in force on a day (today), by code."""
    kinds: dict[str, GreenKind] = {}
    for row in in_force(_DATA / "green_channels.csv", on):
        point = Point(row["point"], row["point_zh"], row["point_en"], int(row["target_min"]))
        held = kinds.get(row["kind"])
        points = sorted((*(held.points if held else ()), point), key=lambda each: each.target)
        kinds[row["kind"]] = GreenKind(row["kind"], row["name_zh"], row["name_en"], tuple(points))
    return kinds


def mass_colours(on: date | None = None) -> dict[str, MassColour]:
    """Colours of the quick triage in force on a day (today), by code, the worst to be saved first."""
    return {
        row["code"]: MassColour(
            row["code"], row["key"], row["name_zh"], row["name_en"], int(row["level"]) if row["level"] else None,
            int(row["level_rank"]), row["signs_zh"], row["signs_en"],
        )
        for row in in_force(_DATA / "mass_colours.csv", on)
    }  # fmt: skip


@cache
def green_ends() -> dict[str, Named]:
    """Why the clock of a green channel is stopped, by code."""
    return {row["code"]: Named(row["code"], row["name_zh"], row["name_en"]) for row in rows(_DATA / "green_ends.csv")}


def booking(on: date | None = None) -> Booking:
    """The numbers of booking in force on a day (today)."""
    return Booking(**{row["key"]: int(row["value"]) for row in in_force(_DATA / "booking.csv", on)})


def part_times(part: str, on: date) -> tuple[time, time]:
    """Begin and end of a part of the day (am, pm, night, day). Raises KeyError for another word."""
    row = {row["part"]: row for row in in_force(_DATA / "parts.csv", on)}[part]
    return time.fromisoformat(row["starts"]), time.fromisoformat(row["ends"])


@cache
def channels() -> dict[str, Named]:
    """Ways in which a slot is booked, by code."""
    return {row["code"]: Named(row["code"], row["name_zh"], row["name_en"]) for row in rows(_DATA / "channels.csv")}


@cache
def cancel_reasons() -> dict[str, Named]:
    """Why a registration may be cancelled, by code."""
    return {
        row["code"]: Named(row["code"], row["name_zh"], row["name_en"]) for row in rows(_DATA / "cancel_reasons.csv")
    }
