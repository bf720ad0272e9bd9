"""Every form of the administrators, sent twice."""

import pytest
from django.test import Client
from django.urls import reverse

from luodi.trust import actions, sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Grant, Holding, Policy, PurposeKey, Staff
from tests.sending import twice
from tests.trust.conftest import PASSWORD, People

HIRED = {"login": "n9", "name_zh": "新护士", "name_en": "", "title": "", "admin_kind": "", "password": PASSWORD}


def at(actor: Actor) -> Client:
    token, _row = sessions.begin(actor.staff, "test")
    client = Client(headers={"accept-language": "zh-hans"})
    client.cookies[sessions.COOKIE] = token
    return client


def test_a_person_is_hired_once(people: People) -> None:
    second = twice(at(people.system), reverse("trust:staff"), HIRED)
    assert (second.status_code, "工号已被使用" in second.content.decode()) == (422, True)


def test_a_post_is_made_held_and_ended_once(people: People) -> None:
    system = at(people.system)
    named = {"code": "porter", "name_zh": "运送员", "name_en": "Porter"}
    assert twice(system, reverse("trust:new_post"), named).status_code == 422
    staff = actions.hire(people.system, "n9", "新护士", password=PASSWORD)
    held = twice(system, reverse("trust:person", args=[staff]), {"post": "porter", "unit": people.unit})
    assert held.status_code == 303, "the person sees what the first did"
    holding = Holding.objects.get(staff=staff)
    for _turn in range(2):
        assert system.post(reverse("trust:unassign", args=[holding.pk])).status_code == 303
        ended, holding = holding.until, Holding.objects.get(staff=staff)
        assert holding.until is not None
        assert ended in (None, holding.until), "the end that was written first stands"


def test_grants_are_changed_once(people: People) -> None:
    security, there = at(people.security), reverse("trust:grants", args=["doctor"])
    before = sorted(Grant.objects.filter(post__code="doctor", until=None).values_list("permission__code", flat=True))
    wanted = [*before[1:], "visit.register"]
    assert "visit.register" not in before
    posted = {"permissions": wanted, "seen": ",".join(before)}
    assert twice(security, there, posted).status_code == 303
    held = Grant.objects.filter(post__code="doctor", until=None).values_list("permission__code", flat=True)
    assert sorted(held) == sorted(wanted)


def test_a_page_that_another_outdated_takes_nothing_back(people: People) -> None:
    """The ticks of a page opened before another's grant are no wish to withdraw it."""
    security, there = at(people.security), reverse("trust:grants", args=["doctor"])
    before = sorted(Grant.objects.filter(post__code="doctor", until=None).values_list("permission__code", flat=True))
    actions.grant(people.security, "doctor", "visit.register")
    stale = security.post(there, {"permissions": before[1:], "seen": ",".join(before)})
    assert (stale.status_code, "刚被别人改过" in stale.content.decode()) == (422, True)
    assert Grant.objects.filter(post__code="doctor", permission__code="visit.register", until=None).exists()
    assert security.post(there, {"permissions": before[1:]}).status_code == 422, "a page that showed nothing"


def test_grants_are_changed_whole_or_not_at_all(people: People) -> None:
    """An administrator's post takes no permission that opens records, and keeps what else was ticked out of it too."""
    held = set(Grant.objects.filter(post__code="audit_admin", until=None).values_list("permission__code", flat=True))
    with pytest.raises(actions.people.Separated):
        actions.set_grants(people.security, "audit_admin", held | {"gate.read", "record.read"}, seen=held)
    now = Grant.objects.filter(post__code="audit_admin", until=None).values_list("permission__code", flat=True)
    assert set(now) == held
    with pytest.raises(actions.people.GrantsMoved):
        actions.set_grants(people.security, "audit_admin", set(), seen=held | {"gate.read"})


def test_a_number_is_set_once(people: People) -> None:
    key = "idle_minutes"
    second = twice(at(people.security), reverse("trust:set_policy", args=[key]), {"value": "9", "source": "试行"})
    assert second.status_code == 303
    assert Policy.objects.filter(key=key).count() == 1


def test_a_key_is_turned_over_once(people: People) -> None:
    system, there = at(people.system), reverse("trust:rotate", args=["blind"])
    assert 'name="seen" value="1"' in system.get(reverse("trust:system")).content.decode()
    second = twice(system, there, {"seen": "1"})
    assert (second.status_code, "刚刚已经轮换过" in second.content.decode()) == (409, True)
    assert system.post(there).status_code == 409, "a page that showed no version turns none"
    assert PurposeKey.objects.get(purpose="blind", active=True).version == 2


@pytest.mark.parametrize("name", ["leave", "reset"])
def test_an_account_closed_or_reset_once_more_stays_so(people: People, name: str) -> None:
    system, there = at(people.system), reverse(f"trust:{name}", args=[people.nurse.staff])
    rows = []
    for _turn in range(2):
        assert system.post(there, {"password": "Another-1-key!"}).status_code == 303
        rows.append(Staff.objects.values("left_at", "must_change").get(pk=people.nurse.staff))
    assert rows[0] == rows[1]
