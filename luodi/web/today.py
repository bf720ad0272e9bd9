"""The Today page: one tile a worklist, with its count and its oldest wait, for the posts that work it off."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.commentary import queries as commentary
from luodi.committee import queries as committee
from luodi.controlled import queries as controlled
from luodi.orders import queries as orders
from luodi.reception import queries as reception
from luodi.rollout import queries as rollout
from luodi.stock import queries as store
from luodi.trust import access, people
from luodi.trust.access import watching
from luodi.trust.actor import Actor
from luodi.vigilance import queries as vigilance
from luodi.ward import queries as ward

Waiting = tuple[int, datetime | None]
"""How many wait, and since when the oldest of them."""


class Tile(NamedTuple):
    """A worklist on the Today page: who sees it, where it leads, and the query that counts it.

    The query answers None where the worklist means nothing in this unit: the tile is not shown.
    """

    permission: str
    label: Promise | str
    url: str
    icon: str
    waiting: Callable[[Actor], Waiting | None]


def _since(rows: Iterable[Any]) -> Waiting:
    """Count and oldest of worklist rows that carry `since`."""
    moments = [row.since for row in rows]
    return len(moments), min(moments, default=None)


def _triage(by: Actor) -> Waiting | None:
    card = people.unit(by.unit)
    return reception.retriage_due(by.unit) if card and card.kind == "emergency" else None


def _green(by: Actor) -> Waiting | None:
    card = people.unit(by.unit)
    return reception.running(by.unit) if card and card.kind == "emergency" else None


def _to_tell(_by: Actor) -> Waiting:
    return reception.to_tell(), None


def _doses(by: Actor) -> Waiting:
    doses = [dose for found in ward.rounds(by, by.unit) for dose in (*found.overdue, *found.due)]
    return len(doses), min((dose.task.planned_at for dose in doses), default=None)


def _stock(by: Actor) -> Waiting:
    return len(store.stock(by.unit, show="below")), None


def _to_judge(by: Actor) -> Waiting:
    rows = commentary.mine(by.staff)
    return len(rows), min((row.at for row in rows), default=None)


def _to_answer(by: Actor) -> Waiting:
    return commentary.to_answer(by.staff)


def _to_rule(_by: Actor) -> Waiting:
    return len(commentary.waiting_for_ruling()), None


def _to_decide(_by: Actor) -> Waiting:
    return sum(card.decision is None for card in commentary.proposals()), None


def _agenda(_by: Actor) -> Waiting:
    items = committee.agenda()
    return len(items), min((item.at for item in items), default=None)


def _hints(_by: Actor) -> Waiting:
    found = vigilance.candidates()
    return len(found), min((each.at for each in found), default=None)


def _recalls(_by: Actor) -> Waiting:
    found = vigilance.recalls()
    return len(found), min((each.opened_at for each in found), default=None)


def _stopped(by: Actor) -> Waiting:
    return sum(card.missed or card.mismatch is not None for card in controlled.accounts(by.unit)), None


def _overdue(by: Actor) -> Waiting:
    late = [row.due for row in controlled.owed(by.unit) if row.overdue]
    return len(late), min(late, default=None)


def _gates(_by: Actor) -> Waiting:
    return sum(rollout.state(gate)[1] != "pass" for gate in rollout.gates()), None


TILES = (
    Tile("triage.assess", _("待分诊"), "reception:triage", "triage", _triage),
    Tile("triage.assess", _("进行中的绿色通道"), "reception:green", "alert", _green),
    Tile("visit.register", _("停诊待通知和候补到号"), "reception:appointments", "clock", _to_tell),
    Tile("encounter.open", _("我的候诊"), "chart:desk", "doctor", lambda by: reception.waiting(by.unit, by.staff)),
    Tile("queue.call", _("本科候诊"), "reception:queue", "queue", lambda by: reception.waiting(by.unit)),
    Tile(
        "prescription.sign", _("被退回的处方"), "orders:returned", "undo", lambda by: _since(orders.returned(by.staff))
    ),
    Tile("committee.read", _("药事会待决定"), "committee:agenda", "review", _agenda),
    Tile(
        "prescription.sign",
        _("越级用药待补办"),
        "orders:formalities",
        "alert",
        lambda by: _since([*orders.owed_formalities(by.staff), *orders.formalities_to_end(by.staff)]),
    ),
    Tile("prescription.review", _("待审方"), "pharmacy:review", "review", lambda _by: _since(orders.awaiting_review())),
    Tile(
        "dispense.prepare",
        _("待调配"),
        "pharmacy:dispense",
        "dispense",
        lambda _by: _since(orders.awaiting_preparation()),
    ),
    Tile("dispense.check", _("待核对"), "pharmacy:check", "check", lambda _by: _since(orders.awaiting_check())),
    Tile("dispense.hand", _("待发药"), "pharmacy:dispense", "scan", lambda _by: _since(orders.awaiting_handing())),
    Tile("medication.administer", _("到点的给药"), "ward:rounds", "rounds", _doses),
    Tile(
        "prescription.verify",
        _("待核收医嘱"),
        "ward:orders",
        "prescribe",
        lambda by: _since(ward.awaiting_verification(by.unit)),
    ),
    Tile("ward.receive", _("待接收药品"), "ward:orders", "stock", lambda by: _since(ward.awaiting_receipt(by.unit))),
    Tile("stock.adjust", _("低于下限的药品"), "stock:overview", "stock", _stock),
    Tile("commentary.comment", _("待我点评"), "commentary:mine", "edit", _to_judge),
    Tile("commentary.state", _("待我答复的点评"), "commentary:about_me", "info", _to_answer),
    Tile("commentary.rule", _("待裁定的点评"), "commentary:rulings", "sign", _to_rule),
    Tile("commentary.decide", _("待决定的处理建议"), "commentary:proposals", "alert", _to_decide),
    Tile("adr.assess", _("待评价和报送的不良反应"), "vigilance:reactions", "alert", lambda _by: vigilance.waiting()),
    Tile("adr.assess", _("不良反应线索"), "vigilance:candidates", "search", _hints),
    Tile("recall.manage", _("进行中的召回"), "vigilance:recalls", "stop", _recalls),
    Tile("controlled.read", _("麻精账物不符、未日结"), "controlled:books", "lock", _stopped),
    Tile("controlled.keep", _("逾期未回收的空安瓿、废贴"), "controlled:owed", "clock", _overdue),
    Tile("breakglass.review", _("待复核的紧急访问"), "trust:reviews", "break-glass", lambda _by: access.unreviewed()),
    Tile("breakglass.review", _("待复核的查看"), "trust:watched", "search", lambda _by: watching.unreviewed()),
    Tile("gate.read", _("未通过的阶段门"), "rollout:gates", "gate", _gates),
)


def tiles(actor: Actor, permissions: frozenset[str]) -> list[dict[str, Any]]:
    """The tiles of this person, counted now; what waits comes before what is empty, else in the table's order."""
    shown = []
    for tile in TILES:
        waiting = tile.waiting(actor) if tile.permission in permissions else None
        if waiting is not None:
            count, oldest = waiting
            shown.append(
                {"label": tile.label, "url": reverse(tile.url), "icon": tile.icon, "count": count, "oldest": oldest}
            )
    return sorted(shown, key=lambda tile: tile["count"] == 0)
