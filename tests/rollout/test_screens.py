"""The gates' screens: weigh, sign, replay."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.urls import reverse

from luodi.rollout.models import GateSignature, Weighing
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
