"""The gates' screens: weigh, sign, replay."""

import re
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.urls import reverse

from luodi.rollout.models import Criterion, Gate, GateSignature, Weighing
from luodi.trust import clock
from luodi.trust.models import Session, Staff
from luodi.trust.screen import AGAIN
from tests.pharmacy.store import MONDAY
from tests.rollout.test_gate import LOOP, Office
from tests.ward.browsing import at, shown
from tests.ward.scene import Scene


def url(name: str, *args: object) -> str:
    return reverse(f"rollout:{name}", args=args)


def test_weigh_sign_and_replay(scene: Scene) -> None:
    office = Office(scene)
    office.closed()
    gate = office.gate()
    manager, director = at(office.manager), at(office.director)
    with clock.at(MONDAY + timedelta(minutes=5)):
        assert "尚未评估" in shown(manager.get(url("gates")))
        assert "闭环率" in shown(manager.get(url("gate", gate)))
        response = manager.post(url("weigh", gate))
        assert response.status_code == 303
        weighing = Weighing.objects.get()
        assert "通过" in shown(director.get(url("weighing", weighing.pk)))
        assert director.post(url("signature", weighing.pk), {"decision": "go", "reason": ""}).status_code == 303
        text = shown(director.get(url("weighing", weighing.pk)))
        assert "签名有效" in text
        assert "未通过" not in text
        assert "一致" in shown(director.get(url("replay", weighing.pk)))
        assert str(weighing.head) in shown(director.get(url("gates")))


def test_a_failed_gate_offers_no_pass(scene: Scene) -> None:
    office = Office(scene)
    scene.signed()
    with clock.at(MONDAY + timedelta(minutes=5)):
        weighing, director = office.weigh(office.gate(LOOP)), at(office.director)
        assert "不能签为通过" in shown(director.get(url("weighing", weighing.pk)))
        assert "不能签为通过" in shown(director.post(url("signature", weighing.pk), {"decision": "go"}), 422)
        held = director.post(url("signature", weighing.pk), {"decision": "hold", "reason": ""})
        assert "需要理由" in shown(held, 422)
        assert not GateSignature.objects.exists()
        assert director.post(url("signature", weighing.pk), {"decision": "hold", "reason": "整改"}).status_code == 303


def test_who_may_not(scene: Scene) -> None:
    office = Office(scene)
    gate = office.gate()
    assert at(scene.nurse).get(url("gates")).status_code == 403
    assert at(office.director).post(url("weigh", gate)).status_code == 403
    assert at(office.director).get(url("gate", 999)).status_code == 404
    assert at(office.director).get(url("weighing", 999)).status_code == 404


def test_a_closed_signing_window_asks_for_the_password_and_keeps_the_reason(scene: Scene) -> None:
    """The form comes back with everything that was typed; the password sent with it signs, a wrong one does not."""
    office = Office(scene)
    scene.signed()
    with clock.at(MONDAY + timedelta(minutes=5)):
        weighing, director = office.weigh(office.gate(LOOP)), at(office.director)
    Session.objects.filter(staff=office.director.staff).update(authenticated=MONDAY - timedelta(hours=5))
    Staff.objects.filter(pk=office.director.staff).update(password=make_password("Ward-7-lamp!"))
    typed = {"decision": "hold", "reason": "闭环率不足 <两周> 后再评"}
    with clock.at(MONDAY + timedelta(minutes=6)):
        asked = director.post(url("signature", weighing.pk), typed)
        assert asked.status_code == 401
        for again in (asked, director.post(url("signature", weighing.pk), typed | {AGAIN: "wrong"})):
            text = again.content.decode()
            assert 'name="reason" value="闭环率不足 &lt;两周&gt; 后再评"' in text
            assert 'name="decision" value="hold"' in text
            assert f'name="{AGAIN}"' in text
            assert "wrong" not in text
        assert not GateSignature.objects.exists()
        signed = director.post(url("signature", weighing.pk), typed | {AGAIN: "Ward-7-lamp!"})
        assert signed.status_code == 303
    assert GateSignature.objects.get().reason == typed["reason"]


def asked(**more: str) -> dict[str, str]:
    """A gate of one criterion, as the form posts it."""
    row = {"measure": "closed_loop_rate", "bound": ">=", "target": "95", "window_days": "7", "minimum": "30"}
    typed = {"code": "ward", "name": "病区试点", "phase": "pilot", "scope": "病区", "rev": "0"}
    return typed | {f"c0-{name}": value for name, value in row.items()} | more


def test_a_gate_and_its_next_version_are_defined_once(scene: Scene) -> None:
    manager = at(Office(scene).manager)
    assert url("new") in shown(manager.get(url("gates")))
    assert 'name="c7-measure"' in shown(manager.get(url("new")))
    made = manager.post(url("new"), asked())
    gate = Gate.objects.get(code="ward")
    assert made.url == url("gate", gate.pk)
    assert "不用这一行" in shown(manager.get(url("version", gate.pk)))
    assert "没有保存" in shown(manager.post(url("new"), asked()), 422)
    newer = asked(**{"rev": "1", "code": "other", "c0-target": "97"})
    assert manager.post(url("version", gate.pk), newer).status_code == 303
    assert "没有保存" in shown(manager.post(url("version", gate.pk), newer), 422)
    assert [row.version for row in Gate.objects.filter(code="ward")] == [2, 1]
    assert not Gate.objects.filter(code="other").exists()
    assert [int(row.target) for row in Criterion.objects.filter(gate__code="ward").order_by("pk")] == [95, 97]


def test_a_gate_that_asks_nothing_or_half_is_not_defined(scene: Scene) -> None:
    office = Office(scene)
    manager = at(office.manager)
    assert "至少要有一条标准" in shown(manager.post(url("new"), asked(**{"c0-measure": "", "c0-target": ""})), 422)
    page = shown(manager.post(url("new"), asked(**{"c0-minimum": "", "name": "写了一半"})), 422)
    assert "请看标出的行" in page
    assert 'value="写了一半"' in page
    assert "请选择指标" in shown(manager.post(url("new"), asked(**{"c0-measure": ""})), 422)
    wrong = shown(manager.post(url("new"), asked(**{"c4-target": "97"})), 422)
    folds = re.findall(r'<details class="paper one-more"( open)?>', wrong)
    assert [n for n, is_open in enumerate(folds) if is_open] == [0, 4], "a row to be looked at is never folded away"
    assert not Gate.objects.exists()
    assert at(office.director).get(url("new")).status_code == 403
    assert url("new") not in shown(at(office.director).get(url("gates")))


def test_a_gate_is_weighed_once_by_a_form_sent_twice(scene: Scene) -> None:
    office = Office(scene)
    gate, manager = office.gate(), at(office.manager)
    assert manager.post(url("weigh", gate), {"seen": "0"}).status_code == 303
    assert "刚才已经评估过" in shown(manager.post(url("weigh", gate), {"seen": "0"}), 422)
    seen = Weighing.objects.get().pk
    assert f'name="seen" value="{seen}"' in shown(manager.get(url("gate", gate)))
    assert manager.post(url("weigh", gate), {"seen": str(seen)}).status_code == 303


def test_the_rail_marks_the_gates_on_a_weighing(scene: Scene) -> None:
    office = Office(scene)
    weighing = office.weigh(office.gate())
    for name in ("weighing", "replay"):
        page = shown(at(office.manager).get(url(name, weighing.pk)))
        assert f'href="{url("gates")}" aria-current="page"' in page
