"""The demo hospital before its first patient: units, people, rights, master data, sessions, beds, stock, a gate.

Every row is made by an act of its room; the accounts are public and for a demo alone.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from luodi.controlled.two import countersigned
from luodi.orders import actions as orders
from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.rollout import actions as rollout
from luodi.rollout.actions import CriterionWish
from luodi.simulator import supplies
from luodi.simulator.crew import PASSWORD, Crew
from luodi.simulator.tables import rows
from luodi.stock import actions as stock
from luodi.stock import queries as store
from luodi.stock.actions import Receipt
from luodi.terms import actions as terms
from luodi.terms import queries as terminology
from luodi.trust import actions as trust
from luodi.trust import clock, founding, people, sessions, vault
from luodi.trust.actor import Actor
from luodi.ward import actions as ward

BEFORE = timedelta(days=40)
BEDS = {"OBS": 8, "W1": 20}
# Used up before the week is over: a preparation is refused for want of it, and the store buys more.
SCARCE, LEFT = "M0472", Decimal(12)
# Too few of these for the whole of the closing scene's prescriptions: a part is handed over, the rest is owed.
SHORT = {"M0564": Decimal(5), "M0426": Decimal(6)}


def hospital() -> None:
    """Make the demo hospital where there is none. Idempotent: a second call changes nothing."""
    founding.found()
    if people.unit_by_code("SEC") is not None:
        return
    with clock.at(clock.now() - BEFORE):
        vault.purpose_key("ledger")
        _people()
        crew = Crew()
        terms.load(crew("info1"))
        _rights(crew, rows("staff.csv"))
        _beds(crew)
        _stock(crew)
        supplies.founded(crew)
        _gate(crew)
    crew = Crew()
    supplies.at_work(crew)
    roster(crew)
    _show_logins()


def roster(crew: Crew) -> int:
    """Plan the clinics' mornings and afternoons of every day where none is planned, and make the sessions that are
    missing; returns how many were."""
    by = crew("clerk1")
    if not desks.templates():
        for clinic in rows("clinics.csv"):
            for weekday in range(1, 8):
                for part in ("am", "pm"):
                    reception.new_template(
                        by, crew.unit(clinic["unit"]), crew.staff(clinic["login"]), weekday, part,
                        int(clinic["slots"]), clinic["room"], clock.today(),
                    )  # fmt: skip
    return reception.publish(by)


def _people() -> None:
    first = next(row for row in rows("staff.csv") if row["admin_kind"] == "system")
    staff = founding.first_administrator(first["login"], first["zh"], PASSWORD, must_change=False)
    _token, row = sessions.begin(staff, "seed")
    by = sessions.actor_of(row)
    for unit in rows("units.csv"):
        if people.unit_by_code(unit["code"]) is None:
            trust.new_unit(by, unit["code"], unit["zh"], unit["en"], unit["kind"])
    for person in rows("staff.csv"):
        if person is not first:
            _hire(by, person)


def _hire(by: Actor, person: dict[str, str]) -> None:
    pk = trust.hire(
        by,
        person["login"],
        person["zh"],
        password=PASSWORD,
        name_en=person["en"],
        title=person["title"],
        admin_kind=person["admin_kind"],
        must_change=False,
    )
    unit = people.unit_by_code(person["unit"])
    assert unit is not None
    trust.assign(by, pk, person["post"], unit.pk)


def relieve() -> None:
    """Hire the people of `relief.csv`, with whom the hospital sees a thousand outpatients a day. Idempotent."""
    new = [person for person in rows("relief.csv") if not people.is_login(person["login"])]
    with clock.at(clock.now() - BEFORE):
        by = Crew()("sysadmin")
        for person in new:
            _hire(by, person)
        _rights(Crew(), new)


def _rights(crew: Crew, staff: Iterable[dict[str, str]]) -> None:
    day = clock.today()
    for person in staff:
        if person["post"] == "doctor":
            orders.grant_right(
                crew("secadmin"),
                crew.staff(person["login"]),
                antibiotic_tier=int(person["tier"]),
                narcotic=person["narcotic"] == "1",
                trained_on=day - timedelta(days=200),
                valid_to=day + timedelta(days=700),
            )


def _beds(crew: Crew) -> None:
    for code, count in BEDS.items():
        ward.furnish(crew("sysadmin"), crew.unit(code), [f"{number:02d}" for number in range(1, count + 1)])


def _stock(crew: Crew) -> None:
    """Two lots of everything but what is scarce; of some one that expires soon, of one a lot that expired, of one a
    quarantined lot."""
    today = clock.today() + BEFORE
    goods = []
    for place, medicine in enumerate(terminology.medicines()):
        shelf = f"{'ABCDEFGH'[place % 8]}-{place // 8 % 40 + 1:02d}"
        if medicine.code == SCARCE:
            goods.append(Receipt(SCARCE, f"D{place:04d}A", _last(today, 300), LEFT, shelf))
            continue
        if medicine.code in SHORT:
            goods.append(Receipt(medicine.code, f"D{place:04d}A", _last(today, 300), SHORT[medicine.code], shelf))
            continue
        goods.append(Receipt(medicine.code, f"D{place:04d}A", _last(today, 300 + place % 200), Decimal(2000), shelf))
        goods.append(Receipt(medicine.code, f"D{place:04d}B", _last(today, 560 + place % 300), Decimal(2000), shelf))
        if place % 40 == 0:
            goods.append(Receipt(medicine.code, f"D{place:04d}N", today + timedelta(days=45), Decimal(60), shelf))
        if place == 3:
            goods.append(Receipt(medicine.code, "D0003X", today - timedelta(days=5), Decimal(40), shelf))
    by = crew("store1")
    with countersigned(by, "drugs1", PASSWORD, document="期初"):
        stock.open_stock(by, goods)
    for code in ("M0565", "M0306", "M0105", SCARCE):
        stock.set_minimum(by, code, Decimal(500))
    lot = stock.receive(by, "M0565", "D-QUAR", _last(today, 400), Decimal(120), place="Q-01")
    stock.quarantine(by, lot, "供应商通知待检", rev=_rev(by.unit, lot))


def _rev(unit: int, lot: int) -> int:
    card = store.lot(unit, lot)
    assert card is not None
    return card.rev


def _last(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _gate(crew: Crew) -> None:
    rollout.define(
        crew("pm1"),
        "pilot",
        name="试点：急诊与药房",
        phase="pilot",
        scope="急诊科、留观区、门急诊药房",
        criteria=[
            CriterionWish("closed_loop_rate", ">=", Decimal(95), 7, 30, reason="EMRAM 7 与试点门槛"),
            CriterionWish("minutes_to_doctor", "<=", Decimal(60), 7, 30, reason="试点目标"),
            CriterionWish("returned_per_100", "<=", Decimal(8), 7, 30, reason="试点目标"),
        ],
    )


def _show_logins() -> None:
    """The login page of the demo shows these."""
    posts = {post.code: post.name_zh for post in people.posts()}
    units = {row["code"]: row["zh"] for row in rows("units.csv")}
    shown = [
        {
            "login": person["login"],
            "password": PASSWORD,
            "post": posts[person["post"]],
            "unit": units[person["unit"]],
            "name": person["zh"],
        }
        for person in rows("staff.csv")
    ]
    file = Path(settings.LUODI_DATA) / "demo-logins.json"
    file.write_text(json.dumps(shown, ensure_ascii=False, indent=1), encoding="utf-8")
