"""Draw a sample and give its cases to commentators."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from luodi.commentary import drawing, refusals, tables
from luodi.commentary.models import Assignment, Case, Sample
from luodi.commentary.population import Member, Span, ages, members
from luodi.orders import facts as orders
from luodi.trust import access, clock, ledger, people, policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

LONGEST = 92  # days of a period


class Drawn(NamedTuple):
    """What is worked out before the lock: the seed of the ledger's last block, and whom it draws."""

    span: Span
    head: int
    digest: str
    seed: str
    population: int
    members: list[Member]
    ages: dict[int, str]


def _drawn(by: Actor, kind: str, first: date, last: date, scope: int = 0) -> Drawn:
    asked = tables.kinds().get(kind)
    if asked is None:
        raise refusals.BadDraw(message=_("没有这种样本。"))
    if first > last or last >= clock.today() or (last - first).days >= LONGEST or first < asked.effective_from:
        raise refusals.BadDraw(message=_("期间须是已经过完的整天，最长 92 天。"))
    if bool(asked.scope) != bool(scope):
        raise refusals.BadDraw(message=_("这种样本须指定医师或科室，其他样本不能指定。"))
    span = Span.of(first, last)
    _require_new(kind, scope, span)
    ledger.seal()
    anchor = ledger.anchor()
    found = members(asked, scope, anchor.head, span)
    if not found:
        raise refusals.BadDraw(message=_("这段期间没有可以抽取的处方或病历。"))
    seed = drawing.seed(anchor.digest, kind, span.start.isoformat(), span.end.isoformat(), scope)
    by_number = {member.number: member for member in found}
    size = drawing.size(len(found), asked.per_mille, asked.least)
    chosen = [by_number[number] for number in drawing.draw(seed, by_number, size)]
    return Drawn(span, anchor.head, anchor.digest, seed, len(found), chosen, ages(chosen))


def _require_new(kind: str, scope: int, span: Span) -> None:
    if Sample.objects.filter(kind=kind, scope=scope, start__lt=span.end, end__gt=span.start).exists():
        raise refusals.DrawnBefore


@act("commentary.draw", may="commentary.draw", prepare=_drawn)
def draw(by: Actor, kind: str, first: date, last: date, scope: int = 0, *, prepared: Drawn | None = None) -> int:
    """Draw a sample of the whole days first … last and freeze it. Returns the sample's pk.

    kind: code of `tables.kinds()`; scope: key of the doctor or unit for a kind that asks for one. The seed comes from
    the ledger block sealed at this moment. Raises BadDraw, DrawnBefore where a day was drawn from before.
    """
    made = cast(Drawn, prepared)
    _require_new(kind, scope, made.span)
    sample = Sample.objects.create(
        kind=kind, scope=scope, start=made.span.start, end=made.span.end, head=made.head, digest=made.digest,
        seed=made.seed, population=made.population, size=len(made.members), staff_id=by.staff, at=clock.now(),
    )  # fmt: skip
    about("commentary_sample", sample.pk)
    for place, member in enumerate(made.members, start=1):
        Case.objects.create(
            sample=sample, place=place, prescription_id=member.prescription, version=member.version,
            encounter_id=member.encounter, patient_id=member.patient, prescriber_id=member.prescriber,
            visit_class=member.visit_class, dated=member.at, age=made.ages[member.number],
        )  # fmt: skip
    evidence(kind=kind, scope=scope, head=made.head, seed=made.seed, population=made.population, size=sample.size)
    return sample.pk


@act("commentary.assign", may="commentary.draw")
def assign(by: Actor, sample: int, staff: Sequence[int]) -> int:
    """Give every case that nobody has to one of `staff`, in turn, and a part of them to a second one.

    Nobody is given what they prescribed, reviewed, prepared, checked or handed out. The share that is judged twice is
    the policy `commentary_second_percent`: the first places of the drawing, which are random. Returns how many cases
    were given. Raises NotFound, BadAssignment where somebody may not comment or nobody may judge any case.
    """
    held = Sample.objects.filter(pk=sample).first()
    if held is None:
        raise refusals.NotFound
    about("commentary_sample", held.pk)
    able = set(people.who_may("commentary.comment"))
    if not staff or set(staff) - able:
        raise refusals.BadAssignment(message=_("请选择至少一位有点评权限的药师。"), next=_("请从名单中选择后再分配。"))
    waiting = list(Case.objects.filter(sample=held, assignments=None).order_by("place"))
    twice = drawing.size(held.size, Decimal(policy.number("commentary_second_percent") * 10), 0)
    touched = _touched(waiting)
    load = dict.fromkeys(sorted(set(staff)), 0)
    given = sum(_give(case, 2 if case.place <= twice else 1, load, touched[case.pk]) for case in waiting)
    if waiting and not given:
        raise refusals.BadAssignment(
            message=_("所选药师都参与过这些处方的审核或调剂，不能点评。"), next=_("请增加没有参与过的药师。")
        )
    evidence(cases=given, staff=sorted(set(staff)), left=len(waiting) - given)
    return given


def _touched(cases: list[Case]) -> dict[int, set[int]]:
    """Who had a hand in each case: its prescriber and everybody who took a step of it."""
    head = ledger.head()
    single = [case.prescription_id for case in cases if case.prescription_id]
    whole = orders.of_encounters([case.encounter_id for case in cases if not case.prescription_id])
    hands = orders.hands(head, [*single, *(pk for pks in whole.values() for pk in pks)])
    found = {}
    for case in cases:
        mine = [case.prescription_id] if case.prescription_id else whole.get(case.encounter_id, [])
        took = {staff for pk in mine for _step, staff in hands[pk] if staff}
        found[case.pk] = took | ({case.prescriber_id} if case.prescriber_id else set())
    return found


def _give(case: Case, opinions: int, load: dict[int, int], touched: set[int]) -> int:
    """One case to the least laden who may judge it; the second opinion too, where somebody is left for it."""
    free = sorted((count, staff) for staff, count in load.items() if staff not in touched)
    now = clock.now()
    until = now + timedelta(days=policy.number("commentary_care_days"))
    for role, (_count, staff) in zip(list(Assignment.Role)[:opinions], free, strict=False):
        Assignment.objects.create(case=case, role=role, staff_id=staff, at=now)
        access.relate(case.patient_id, kind="commentary", staff=staff, until=until)
        load[staff] += 1
    return int(bool(free))
