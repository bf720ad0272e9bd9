"""拆分: planned doses of a signed prescription."""

from luodi.orders.models import Line, Prescription, Task
from luodi.orders.reading import route_for
from luodi.orders.split import planned_times
from luodi.terms import queries as terms


def split(rx: Prescription, rows: list[Line]) -> int:
    """Plan every dose of a prescription that is given at the bedside, from its signature on; how many there are.

    An as-needed line has none: its doses are asked for one by one. Inside an act.
    """
    if not route_for(rx).bedside or rx.signed_at is None:
        return 0
    tasks = []
    for row in rows:
        frequency = terms.frequency(row.frequency)
        if row.prn or frequency is None:
            continue
        moments = planned_times(frequency, row.days, rx.signed_at)
        tasks += [
            Task(prescription=rx, line=row, seq=place, planned_at=moment) for place, moment in enumerate(moments, 1)
        ]
    return len(Task.objects.bulk_create(tasks))
