"""The body of a report, computed as of a ledger head: the same head gives the same figures for ever."""

from typing import Any

from luodi.commentary import drawing, tables, worksheet
from luodi.commentary.agreement import agreement
from luodi.commentary.judged import FIRST, SECOND, Judged, load
from luodi.commentary.models import Case, Sample
from luodi.commentary.population import Span
from luodi.orders import facts as orders
from luodi.orders.loop import Step
from luodi.trust import clock

SHARES = {"outpatient": "outpatient", "emergency": "emergency", "observation": "emergency", "inpatient": "inpatient"}


def body(head: int, digest: str, span: Span) -> dict[str, Any]:
    """Everything that a report prints: text, whole numbers and None (数据不足) alone."""
    samples = list(Sample.objects.as_of(head).filter(start=span.start, end=span.end).order_by("pk"))
    judged = load(
        Case.objects.as_of(head).filter(sample__in=samples).select_related("sample").order_by("sample", "place"), head
    )
    sheets = {sheet.prescription: sheet for sheet in orders.sheets(head, span)}
    rows = _rows(head, [one for one in judged if one.case.prescription_id], sheets)
    # the norm's figures are those of the general sample; a report of special samples alone counts those, and says so
    official = [row for row in rows if row["official"]]
    pairs = [(one.comments[FIRST].verdict, one.comments[SECOND].verdict) for one in judged if len(one.comments) == 2]
    alike = agreement(pairs)
    return {
        "head": head,
        "digest": digest,
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "samples": [_sample(sample, judged) for sample in samples],
        "rows": rows,
        "basis": "outpatient" if official else "special",
        "indicators": {one.code: worksheet.value(one, official or rows) for one in tables.indicators()},
        "verdicts": worksheet.by_verdict([one.verdict for one in judged if one.verdict]),
        "codes": worksheet.by_code(rows),
        "agreement": {
            "pairs": alike.pairs,
            "same": alike.same,
            "share": _text(alike.share),
            "kappa": _text(alike.kappa),
        },
        "antibacterial": antibacterial_shares(list(sheets.values())),
        # no source in the hospital yet: bed days with grams given, specimens sent, prices, the list of essential drugs
        "aud": None,
        "specimen_rate": None,
    }


def antibacterial_shares(sheets: list[orders.SheetFact]) -> dict[str, dict[str, Any]]:
    """By class of visit: all prescriptions of the period, those with an antibacterial, percent."""
    shares: dict[str, dict[str, Any]] = {}
    for code in sorted(set(SHARES.values())):
        mine = [sheet for sheet in sheets if SHARES.get(sheet.visit_class) == code]
        top = sum(any(drawing.antibacterial(line) for line in sheet.lines) for sheet in mine)
        shares[code] = {"top": top, "bottom": len(mine), "share": worksheet.share(top, len(mine))}
    return shares


def _sample(sample: Sample, judged: list[Judged]) -> dict[str, Any]:
    verdicts = [one.verdict for one in judged if one.case.sample_id == sample.pk and one.verdict]
    return {
        "pk": sample.pk, "kind": sample.kind, "scope": sample.scope, "population": sample.population,
        "size": sample.size, "head": sample.head, "seed": sample.seed, "verdicts": worksheet.by_verdict(verdicts),
    }  # fmt: skip


def _rows(head: int, judged: list[Judged], sheets: dict[int, orders.SheetFact]) -> list[dict[str, Any]]:
    numbers = [one.case.prescription_id for one in judged if one.case.prescription_id]
    hands = orders.hands(head, numbers)
    diagnoses = orders.signed_diagnoses(numbers)
    return [
        _row(place, one, sheets[one.case.prescription_id], hands, diagnoses)
        for place, one in enumerate(judged, start=1)
        if one.case.prescription_id in sheets
    ]


def _row(place: int, one: Judged, sheet: orders.SheetFact, hands: Any, diagnoses: Any) -> dict[str, Any]:
    """A row of 处方点评工作表. A staff key stands for a name; essential and amount have no source yet: None."""
    case = one.case
    took = dict(hands[case.prescription_id])
    return {
        "no": place,
        "case": case.pk,
        "kind": case.sample.kind,
        "official": int(case.sample.kind == "outpatient"),
        "date": case.dated.astimezone(clock.HOSPITAL_ZONE).date().isoformat(),
        "age": case.age,
        "diagnoses": diagnoses.get(case.prescription_id, []),
        "drugs": len({line.medicine for line in sheet.lines}),
        "antibacterial": int(any(drawing.antibacterial(line) for line in sheet.lines)),
        "injection": int(any(drawing.injection(line) for line in sheet.lines)),
        "essential": None,
        "generic": len({line.medicine for line in sheet.lines if line.generic}),
        "amount": None,
        "prescriber": case.prescriber_id,
        "reviewer": took.get(Step.REVIEWED),
        "preparer": took.get(Step.PREPARED),
        "checker": took.get(Step.CHECKED),
        "hander": took.get(Step.OWED, took.get(Step.DISPENSED)),
        "reasonable": worksheet.is_reasonable(one.verdict) if one.verdict else None,
        "codes": one.codes,
    }


def _text(value: Any) -> str | None:
    return None if value is None else format(value, "f")
