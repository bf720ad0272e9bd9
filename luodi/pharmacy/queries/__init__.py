"""Public readers of the pharmacy: the review queue, the bench, packages, and where a lot went."""

from luodi.pharmacy.queries.back import Back, ReturnCard, came_back, judged, left_in, one_return, to_judge
from luodi.pharmacy.queries.baskets import Bench, Row, bench, dispensing, is_uncollected, plan, strays
from luodi.pharmacy.queries.batches import Batch, InBatch, Ward, batch, numbered, ward_name, wards
from luodi.pharmacy.queries.carried import Carried, Handed, carried, handed, packs
from luodi.pharmacy.queries.codes import Coded, Day, of_day, of_packages
from luodi.pharmacy.queries.debts import Debt, Ended, Part, PartLine, debts, ended, may_part, owed, part_lines, parts
from luodi.pharmacy.queries.packed import PackageCard, is_returned, is_torn, of_tasks, package, packages, read_as
from luodi.pharmacy.queries.passing import knowledge, passable, rule, rules
from luodi.pharmacy.queries.tracing import Traced, traced
from luodi.pharmacy.queries.verdicts import CallCard, ReviewCard, calls, changes, returned, reviews
from luodi.pharmacy.queries.waiting import (
    QueueRow,
    claims,
    done_today,
    following,
    queue,
    waiting_for_doctor,
)

__all__ = [
    "Back",
    "Batch",
    "Bench",
    "CallCard",
    "Carried",
    "Coded",
    "Day",
    "Debt",
    "Ended",
    "Handed",
    "InBatch",
    "PackageCard",
    "Part",
    "PartLine",
    "QueueRow",
    "ReturnCard",
    "ReviewCard",
    "Row",
    "Traced",
    "Ward",
    "batch",
    "bench",
    "calls",
    "came_back",
    "carried",
    "changes",
    "claims",
    "debts",
    "dispensing",
    "done_today",
    "ended",
    "following",
    "handed",
    "is_returned",
    "is_torn",
    "is_uncollected",
    "judged",
    "knowledge",
    "left_in",
    "may_part",
    "numbered",
    "of_day",
    "of_packages",
    "of_tasks",
    "one_return",
    "owed",
    "package",
    "packages",
    "packs",
    "part_lines",
    "parts",
    "passable",
    "plan",
    "queue",
    "read_as",
    "returned",
    "reviews",
    "rule",
    "rules",
    "strays",
    "to_judge",
    "traced",
    "waiting_for_doctor",
    "ward_name",
    "wards",
]
