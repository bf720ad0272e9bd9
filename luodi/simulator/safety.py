"""Drug safety: reactions at every stage of their way, hints, and a recall whose patients wait to be told."""

from dataclasses import replace
from datetime import timedelta

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.chart.types import AllergyItem
from luodi.simulator import supplies
from luodi.simulator.place import Hospital
from luodi.stock import recalled
from luodi.trust import access
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.vigilance import actions, queries
from luodi.vigilance.types import Form
from luodi.ward import queries as wards

NURSES = ("nurse1", "onurse1")
STORIES = (
    ("rash", "用药后半小时躯干出现散在红色皮疹，伴轻度瘙痒，停药并口服抗组胺药后逐渐消退。", ()),
    (
        "dyspnoea",
        "给药后十分钟诉胸闷、气促，血氧 93%，立即停药吸氧，半小时后缓解，留观延长一天。",
        ("hospitalization",),
    ),
    ("nausea", "服药后恶心、呕吐一次，未处理自行缓解。", ()),
    ("dizziness", "给药后头晕，卧床休息后好转。", ()),
)
LONG = timedelta(days=90)


def told(hospital: Hospital) -> None:
    """What nurses saw in the last days is reported, weighed or still a draft; a lot is recalled. Once a hospital."""
    crew = hospital.crew
    seen = list({dose.patient: dose for dose in wards.doses_since(now() - timedelta(days=3))}.values())
    officer = crew("adr1")
    if queries.reactions(officer, officer=True) or queries.recalls():
        return
    known = [(by, dose.patient) for dose in seen for by in map(crew, NURSES) if access.cares(by, dose.patient)]
    for place, ((by, patient), (term, words, grave)) in enumerate(zip(known, STORIES, strict=False)):
        _reaction(by, officer, patient, Form(now(), now(), (), (), (term,), words, grave, outcome="improved"), place)
    for by, patient in known[len(STORIES) : len(STORIES) + 1]:
        if not charts.allergies(patient).items:
            item = AllergyItem("", "用药后皮疹，药物待查", "mild", "皮疹")
            chart.state_allergies(by, patient, "listed", [item])
    _recalled(hospital)


def _reaction(by: Actor, officer: Actor, patient: int, form: Form, place: int) -> None:
    """The first is reported only, the second weighed, the third with the national system, the fourth a draft."""
    given = queries.exposures(patient)
    onset = max(given[0].at, now() - LONG)
    suspects = (given[0].package,)
    pk = actions.draft(by, patient, replace(form, suspects=suspects, onset=onset, known_at=onset))
    if place == 3:
        return
    actions.report(by, pk)
    if place == 0:
        return
    actions.assess(officer, pk, "possible", version=1, naranjo={"2": "yes", "3": "yes", "5": "unknown"})
    if place == 2:
        actions.submit(officer, pk, f"DEMO-{pk:06d}")


def _recalled(hospital: Hospital) -> None:
    """A lot that people took home is recalled, with the number of it that a supplier delivered where one did.

    Of all that was dispensed in the last weeks the first by `_rank`: every start has a recall with patients to tell.
    """
    lots = [(medicine, _numbers(medicine, lot_no)) for medicine, lot_no in recalled.issued(now() - LONG)]
    ranked = sorted((_rank(medicine, wanted), place) for place, (medicine, wanted) in enumerate(lots))
    for (_harm, nobody, _bought), place in ranked:
        if nobody:
            continue
        medicine, wanted = lots[place]
        actions.open_recall(
            hospital.crew("recall1"), medicine, wanted, level="2", source="holder", notice="演示通知 01",
            reason="留样稳定性考察含量偏低", noticed_at=now(),
        )  # fmt: skip
        return


def _numbers(medicine: str, lot_no: str) -> list[str]:
    """The lot number, and that of the store's own delivery of the medicine."""
    bought = supplies.delivered(medicine)
    return sorted({lot_no, bought} - {""})


def _rank(medicine: str, lot_nos: list[str]) -> tuple[bool, bool, bool]:
    """What a recall would harm goes last: a lot that waits in baskets or at bedsides; then one that nobody has."""
    sums = queries.trace(medicine, lot_nos).sums
    return bool(sums.prepared or sums.ward), not sums.handed, not supplies.delivered(medicine)
