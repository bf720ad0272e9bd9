"""Search among very many patients: what a clerk waits for, by each thing that can be typed.

Every patient has a data key of their own, their own sealed fields and the room's own blind-index rows; only the rows
are inserted in bulk. A search is `patients.queries.search`: blind index, then at most twenty cards opened. It is timed
in this process, without the page around it, first among 10,000 patients and then among all.

Surnames and given names are the simulator's, weighted so that the first is borne by one in fifteen and the fiftieth by
one in a hundred. The floor is one SELECT of twenty patients by primary key.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from statistics import quantiles
from typing import Any

FEW = 10_000
BATCH = 2_500
BUILDERS = 2
SERIAL = 8  # digits of a telephone number behind its first three


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """p95 of a search in ms by what was typed, among 1,000,000 patients; quick: 100,000."""
    from luodi.simulator import seed

    seed.hospital()
    return measured(100_000 if quick else 1_000_000, FEW, 40 if quick else 200)


def measured(many: int, few: int, times: int) -> dict[str, Any]:
    """The results among `many` patients, with those among the first `few` beside them; `times` searches a shape."""
    filled(0, few)
    small, _bare, before = _round(few, times)
    begin = time.monotonic()
    filled(few, many)
    spent = time.monotonic() - begin
    large, floor, errors = _round(many, times)
    results = [
        {
            "metric": f"{shape}_p95", "value": round(p95, 2), "unit": "ms", "floor": round(floor, 2),
            "ratio": round(p95 / floor, 1), "p50": round(p50, 2), "found": found,
            "among_few": round(small[shape][1], 2), "growth": round(p95 / small[shape][1], 2),
        }
        for shape, (p50, p95, found) in large.items()
    ]  # fmt: skip
    rate = round((many - few) / spent)
    wrong = dict(errors + before)
    return {
        "results": results,
        "errors": sum(wrong.values()),
        "wrong": wrong,
        "patients": many,
        "few": few,
        "sealed_per_second": rate,
    }


# ── the patients ──


def filled(first: int, last: int) -> None:
    """Patients first … last-1, made by two processes in batches."""
    from django.db import connections

    batches = [(begin, min(begin + BATCH, last)) for begin in range(first, last, BATCH)]
    if len(batches) == 1:
        _batch(batches[0])
        return
    connections.close_all()  # a connection belongs to the process that opened it
    builders = [
        get_context("fork").Process(target=_batches, args=(batches[turn::BUILDERS],)) for turn in range(BUILDERS)
    ]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
        if builder.exitcode:
            raise RuntimeError("a builder of patients failed")
    _settle()


def person(number: int) -> Any:
    """The patient of a number, the same one each time it is asked for."""
    from luodi.simulator import people
    from luodi.trust.clock import today

    rng = Random(f"patient {number}")
    made = people.patient(rng, number % 500_000, today())
    surname = rng.choices(people._SURNAMES, _falling(len(people._SURNAMES)))[0]
    given = rng.choices(people._GIVEN, _falling(len(people._GIVEN)), k=rng.choice((1, 2, 2, 2)))
    # after half a million a number of the simulator may come again; a district of its own keeps it another's
    made = replace(made, name=surname + "".join(given), phone=f"199{_scattered(number):0{SERIAL}d}")
    return made if number < 500_000 else replace(made, id_kind="passport", id_no=f"E{number:08d}")


def _falling(length: int) -> list[float]:
    return [1 / (place + 7) for place in range(length)]


def _scattered(number: int) -> int:
    """A bijection of 0 … 99,999,999: 3 does not divide a power of ten, and neither do 7, 11 or 13."""
    return number * 7_919_413 % 10**SERIAL


def _batches(spans: list[tuple[int, int]]) -> None:
    for span in spans:
        _batch(span)


def _batch(span: tuple[int, int]) -> None:
    from luodi.patients import finding
    from luodi.patients.models import BlindIndex, Identity, Patient
    from luodi.trust.models import DataKey

    made = [_rows(number) for number in range(*span)]
    index = [row for _key, patient, _identity, new in made for row in finding.rows(patient.pk, new)]
    _insert([(DataKey, [row[0] for row in made]), (Patient, [row[1] for row in made]),
             (Identity, [row[2] for row in made]), (BlindIndex, index)])  # fmt: skip


def _rows(number: int) -> tuple[Any, Any, Any, Any]:
    """Key, patient and identity of one number, sealed as the room seals them, and the identity in the clear."""
    from luodi.patients import codes, identity
    from luodi.patients.models import Identity, Patient
    from luodi.trust.clock import now, today
    from luodi.trust.models import DataKey
    from luodi.trust.vault import purpose_key, sm

    top, pk = purpose_key("patient"), number + 1_000_000
    wrapped = sm.sm4_seal(top.secret, secrets.token_bytes(sm.KEY), b"patient")
    key = DataKey(pk=pk, purpose="patient", purpose_version=top.version, wrapped=wrapped, made=now())
    new = identity.checked(person(number), today())
    digits = f"{_scattered(number):0{codes.RECORD_DIGITS}d}"
    # the entry is that of the act that inserts them
    patient = Patient(pk=pk, record_no="P" + digits + codes.damm(digits), key=key, entry_id=0)
    return key, patient, Identity(patient=patient, version=1, entry_id=0, **identity.sealed(new, key)), new


def _insert(tables: list[tuple[Any, list[Any]]]) -> None:
    from luodi.simulator.crew import Crew
    from luodi.trust.act import about, act, current_entry

    @act("identity.load", may=None)
    def load(_by: Any) -> None:
        about("patients", 0, care=False)
        for model, rows in tables:
            for row in rows:
                if hasattr(row, "entry_id"):
                    row.entry_id = current_entry()
            model.objects.bulk_create(rows, batch_size=2_000)

    load(Crew()("clerk1"))


def _settle() -> None:
    """What the database does by itself in a quiet hour: statistics, and which pages everybody may see."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


# ── the searches ──


def _round(many: int, times: int) -> tuple[dict[str, tuple[float, float, int]], float, Counter[str]]:
    """(p50, p95, hits of the last search) by shape, the floor's p95, and searches that missed or opened too much."""
    wrong, found = Counter[str](), {}
    for shape, texts in shapes(many, times).items():
        spent, hits = [], 0
        for text, wanted in texts:
            took, numbers, opened = _search(text)
            spent.append(took * 1000)
            hits = len(numbers)
            missed = not hits or (wanted is not None and hits < 20 and wanted not in numbers)
            wrong[shape] += opened > 20 or hits > 20 or missed
        found[shape] = (*_middle_and_p95(spent), hits)
    return found, _floor(many, times), wrong


def shapes(many: int, times: int) -> dict[str, list[tuple[str, int | None]]]:
    """What is typed, shape by shape, with the patient whom it must find where fewer than twenty are found."""
    from luodi.patients import pinyin

    rng = Random(9)
    whom = [rng.randrange(many) for _turn in range(times)]
    sample = [person(number) for number in range(min(many, FEW))]
    names = Counter(new.name for new in sample)
    letters = Counter(key for new in sample for key in pinyin.keys(pinyin.reading(new.name)) if len(key) == 2)
    common, initials = names.most_common(1)[0][0], letters.most_common(1)[0][0]

    def typed(text: Callable[[Any], str]) -> list[tuple[str, int | None]]:
        return [(text(person(number)), number) for number in whom]

    def spoken(new: Any) -> list[str]:
        return pinyin.reading(new.name).split()

    return {
        "name": typed(lambda new: new.name),
        "initials_two": typed(lambda new: "".join(part[0] for part in spoken(new)[:2])),
        "initials_all": typed(lambda new: "".join(part[0] for part in spoken(new))),
        "spelling": typed(lambda new: "".join(spoken(new))),
        "id_number": typed(lambda new: new.id_no),
        "phone_last_four": typed(lambda new: new.phone[-4:]),
        "name_and_phone": typed(lambda new: f"{new.name} {new.phone[-4:]}"),
        "commonest_name": [(common, None)] * times,
        "commonest_initials": [(initials, None)] * times,
        "commonest_both": [(f"{initials} {new.phone[-4:]}", None) for new in _of(initials, sample, times)],
    }


def _of(initials: str, sample: list[Any], times: int) -> Iterator[Any]:
    from luodi.patients import pinyin

    alike = [new for new in sample if initials in pinyin.keys(pinyin.reading(new.name))]
    yield from (alike[turn % len(alike)] for turn in range(times))


def _search(text: str) -> tuple[float, set[int], int]:
    """Seconds, numbers of the patients found, and how many identities were opened."""
    from luodi.patients import queries
    from luodi.trust import vault

    opened: set[int] = set()
    unseal = vault.unseal

    def counting(blob: Any, key: Any, field: str) -> str:
        opened.add(key.pk)
        return unseal(blob, key, field=field)

    vault.unseal = counting
    try:
        begin = time.perf_counter()
        hits = queries.search(text)
        took = time.perf_counter() - begin
    finally:
        vault.unseal = unseal
    return took, {hit.patient - 1_000_000 for hit in hits}, len(opened)


def _floor(many: int, times: int) -> float:
    from django.db import connection

    rng, spent = Random(4), []
    for _turn in range(times):
        wanted = [1_000_000 + rng.randrange(many) for _row in range(20)]
        begin = time.perf_counter()
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * 20)
            cursor.execute(f"SELECT * FROM patients_patient WHERE id IN ({places})", wanted)
            cursor.fetchall()
        spent.append((time.perf_counter() - begin) * 1000)
    return _middle_and_p95(spent)[1]


def _middle_and_p95(spent: list[float]) -> tuple[float, float]:
    marks = quantiles(spent, n=20, method="inclusive")
    return marks[9], marks[-1]
