"""越级使用补办: what a rescue above the tier owes, who settles it, and what is shown until then."""

from datetime import date, timedelta

import pytest

from luodi.orders import actions, queries
from luodi.orders.models import Formality, FormalityEnd
from luodi.trust import clock
from tests.orders.place import AMBROXOL, Place, refused, wish
from tests.orders.test_screens import log_in, shown, url

# 美罗培南 is of the special tier, the ward doctor's tier is restricted.
RESCUE = wish("M0315", "1", "g", "q8h", "1", route="ivgtt", over_tier_reason="脓毒性休克", bag=1)


def grant(place: Place, login: str, tier: int) -> None:
    actions.grant_right(
        place.security, place.people[login].staff, antibiotic_tier=tier, trained_on=date(2026, 1, 5),
        valid_to=date(2030, 1, 5),
    )  # fmt: skip


@pytest.fixture
def rescued(place: Place) -> int:
    grant(place, "colleague", 3)
    return place.signed("inpatient", RESCUE, AMBROXOL)


@pytest.mark.law
def test_a_rescue_above_the_tier_owes_papers_within_a_day(place: Place, rescued: int) -> None:
    (owed,) = queries.owed_formalities(place.ward_doctor.staff)
    assert (owed.generic, owed.tier, owed.overdue) == ("美罗培南", 3, False)
    assert owed.due_at - owed.since == timedelta(hours=24)


def test_what_is_within_the_tier_owes_nothing(place: Place) -> None:
    grant(place, "ward_doctor", 3)
    place.signed("inpatient", RESCUE._replace(over_tier_reason=""), AMBROXOL)
    assert not Formality.objects.exists()


def test_it_is_overdue_after_its_hours(place: Place, rescued: int) -> None:
    (owed,) = queries.owed_formalities(place.ward_doctor.staff)
    with clock.at(owed.due_at + timedelta(minutes=1)):
        assert queries.owed_formalities(place.ward_doctor.staff)[0].overdue
        assert queries.formalities_to_end(place.colleague.staff)[0].overdue


@pytest.mark.law
def test_a_colleague_of_the_tier_settles_it_once(place: Place, rescued: int) -> None:
    (owed,) = queries.formalities_to_end(place.colleague.staff)
    actions.end_formality(place.colleague, owed.pk, True, "感染科会诊同意")
    assert queries.owed_formalities(place.ward_doctor.staff) == []
    assert queries.formalities_to_end(place.colleague.staff) == []
    with refused("formality_done"):
        actions.end_formality(place.colleague, owed.pk, False, "再来")
    still, ((word),) = queries.formality_ends(rescued)
    assert (still, word.text, word.agreed, word.late) == ([], "感染科会诊同意", True, False)
    assert b"\xe4\xbc\x9a\xe8\xaf\x8a" not in bytes(FormalityEnd.objects.get().words)


def test_nobody_settles_the_own_one_or_one_above_the_tier(place: Place, rescued: int) -> None:
    (owed,) = queries.owed_formalities(place.ward_doctor.staff)
    with refused("formality_own"):
        actions.end_formality(place.ward_doctor, owed.pk, True, "自己确认")
    grant(place, "stranger", 2)
    with refused("formality_tier"):
        actions.end_formality(place.stranger, owed.pk, True, "越权确认")
    with refused("formality_words"):
        actions.end_formality(place.colleague, owed.pk, True, "  ")
    assert not FormalityEnd.objects.exists()
    assert queries.formalities_to_end(place.stranger.staff) == []


def test_a_second_version_owes_it_once(place: Place, rescued: int) -> None:
    from luodi.orders.loop import Step

    place.take(rescued, Step.RETURNED)
    by, found = place.ward_doctor, queries.findings(queries.prescription(rescued), place.ward_doctor.staff)
    actions.reply(by, rescued, "按原方", answers={f.key: "benefit" for f in found if f.grade == "ask"})
    assert Formality.objects.count() == 1


def test_the_lists_show_it_and_the_button_settles_it(place: Place, rescued: int) -> None:
    head = log_in(place.colleague)
    (owed,) = queries.formalities_to_end(place.colleague.staff)
    page = shown(head.get(url("formalities")))
    assert "美罗培南" in page
    assert "没有待补办的越级用药" in page
    wrong = shown(head.post(url("formality_end", owed.pk), {f"{owed.pk}-agreed": "", f"{owed.pk}-text": "会诊"}), 422)
    assert "会诊" in wrong
    good = {f"{owed.pk}-agreed": "1", f"{owed.pk}-text": "会诊同意"}
    assert head.post(url("formality_end", owed.pk), good).status_code == 303
    assert "没有等我确认的越级用药" in shown(head.get(url("formalities")))
    sheet = shown(log_in(place.ward_doctor).get(url("prescription", rescued)))
    assert "同意越级" in sheet
    assert "会诊同意" in sheet


def test_an_overdue_one_is_shown_as_overdue(place: Place, rescued: int) -> None:
    with clock.at(clock.now() + timedelta(hours=25)):
        page = shown(log_in(place.ward_doctor).get(url("formalities")))
    assert "1 条已经逾期" in page
