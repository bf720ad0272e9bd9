"""Green channels with their clocks."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now

from .. import policy
from ..models import GreenChannel
from ..refusals import NoChannel


class PointCard(NamedTuple):
    """A time point. minutes: from arrival until it was reached, or until now; state: kept, late, running, overdue."""

    code: str
    name: str
    target: int
    due: datetime
    at: datetime | None
    staff_name: str
    minutes: int
    state: str


class ChannelCard(NamedTuple):
    """A green channel; `ended` is the reason in words, "" while the clock runs."""

    pk: int
    encounter: int
    patient: int
    name: str
    kind: str
    kind_name: str
    starts: datetime
    minutes: int
    points: tuple[PointCard, ...]
    ended: str

    @property
    def next(self) -> PointCard | None:
        """The point that is due first of those not reached."""
        return next((point for point in self.points if point.at is None), None)


def channel(pk: int) -> ChannelCard:
    """One channel. Raises NoChannel."""
    found = _cards(GreenChannel.objects.filter(pk=pk))
    if not found:
        raise NoChannel
    return found[0]


def channels(unit: int, hours: int = 24) -> list[ChannelCard]:
    """Running channels of a unit, the one whose next point is due first on top; then those ended in `hours`."""
    rows = GreenChannel.objects.filter(encounter__unit=unit, at__gte=now() - timedelta(hours=72))
    cards = _cards(rows)
    running = sorted((card for card in cards if not card.ended), key=_due)
    ended = [card for card in cards if card.ended and now() - card.starts <= timedelta(hours=hours)]
    return running + sorted(ended, key=lambda card: card.starts, reverse=True)


def running(unit: int) -> tuple[int, datetime | None]:
    """How many clocks run in a unit, and since when the oldest: counted, nobody is named."""
    rows = GreenChannel.objects.filter(encounter__unit=unit, at__gte=now() - timedelta(hours=72), end=None)
    found = list(rows.values_list("starts", flat=True))
    return len(found), min(found, default=None)


def channels_of(encounter: int) -> list[ChannelCard]:
    """The channels of one encounter, the first one first."""
    return _cards(GreenChannel.objects.filter(encounter=encounter))


def _due(card: ChannelCard) -> datetime:
    return card.next.due if card.next else card.starts + timedelta(days=3)


def _cards(rows: Any) -> list[ChannelCard]:
    found = list(rows.select_related("end").prefetch_related("points").order_by("pk"))
    names = patients.cards(row.patient_id for row in found)
    staff = people.names(point.staff_id for row in found for point in row.points.all())
    return [_card(row, names[row.patient_id].name, staff) for row in found]


def _card(row: GreenChannel, name: str, staff: dict[int, str]) -> ChannelCard:
    kind = policy.green_channels(row.starts.date())[row.kind]
    reached = {point.point: point for point in row.points.all()}
    end = getattr(row, "end", None)
    until = end.at if end else now()
    points = []
    for wanted in kind.points:
        got = reached.get(wanted.code)
        minutes = int(((got.at if got else until) - row.starts).total_seconds() // 60)
        late = minutes > wanted.target
        state = ("late" if late else "kept") if got else ("overdue" if late else "running")
        points.append(
            PointCard(
                wanted.code, wanted.name, wanted.target, row.starts + timedelta(minutes=wanted.target),
                got.at if got else None, staff.get(got.staff_id, "") if got else "", minutes, state,
            )
        )  # fmt: skip
    return ChannelCard(
        row.pk, row.encounter_id, row.patient_id, name, row.kind, kind.name, row.starts,
        int((until - row.starts).total_seconds() // 60), tuple(points),
        policy.green_ends()[end.reason].name if end else "",
    )  # fmt: skip
