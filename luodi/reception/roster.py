"""Which sessions the templates still ask for."""

from collections.abc import Iterator
from datetime import date, timedelta

from . import policy
from .models import Session, Template


def due(first: date) -> Iterator[tuple[Template, date]]:
    """Templates and days that have no session yet, from a day on."""
    last = first + timedelta(days=policy.booking(first).ahead_days)
    held = set(Session.objects.filter(date__gte=first, date__lte=last).values_list("doctor", "date", "part"))
    templates = list(Template.objects.filter(valid_from__lte=last).exclude(valid_to__lt=first))
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        for row in templates:
            holds = row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
            if holds and row.weekday == day.isoweekday() and (row.doctor_id, day, row.part) not in held:
                yield row, day
