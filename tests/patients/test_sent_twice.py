"""Every form of the identity desk, sent twice."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from luodi.patients import actions, queries
from luodi.patients.models import Identity, Patient, Wristband
from luodi.trust.once import TokenUsed
from tests.patients.people import newcomer, refused
from tests.patients.test_screens import FORM
from tests.sending import token_of, twice

NAME_ALONE = FORM | {"name": "王秀英", "id_kind": "none", "id_no": "", "no_id_reason": "forgotten", "phone": ""}


def page(client: Client, name: str, *args: int) -> str:
    return client.get(reverse(f"patients:{name}", args=args)).content.decode()


def test_a_name_alone_is_registered_once(house: SimpleNamespace) -> None:
    """Too little to be called a likely duplicate: the form's token is what knows that this is one person."""
    clerk = house.browser["clerk"]
    posted = NAME_ALONE | {"idempotency": token_of(page(clerk, "register"))}
    second = twice(clerk, reverse("patients:register"), posted)
    made = Patient.objects.get().pk
    assert (second.status_code, f"/{made}/" in second.url) == (303, True), "the person sees what the first did"
    other = clerk.post(reverse("patients:register"), posted | {"idempotency": token_of(page(clerk, "register"))})
    assert (other.status_code, Patient.objects.count()) == (303, 2), "another form is another person of that name"


def test_a_form_with_another_person_in_it_is_refused(house: SimpleNamespace) -> None:
    clerk = house.browser["clerk"]
    posted = NAME_ALONE | {"idempotency": token_of(page(clerk, "register"))}
    clerk.post(reverse("patients:register"), posted)
    answer = clerk.post(reverse("patients:register"), posted | {"name": "李桂兰"})
    assert (answer.status_code, "这张表单已经用过" in answer.content.decode()) == (422, True)
    assert Patient.objects.count() == 1
    with pytest.raises(TokenUsed):
        actions.register(house.clerk, newcomer(), idempotency="t" * 65)


def test_a_correction_is_written_once(house: SimpleNamespace) -> None:
    clerk, patient = house.browser["clerk"], house.patient(name="单雄信")
    posted = NAME_ALONE | {"name": "单雄心", "reason": "听错了", "rev": "1"}
    second = twice(clerk, reverse("patients:correct", args=[patient]), posted)
    assert (second.status_code, "刚被别人更正过" in second.content.decode()) == (422, True)
    assert Identity.objects.filter(patient=patient).count() == 2
    posted.pop("rev")
    assert clerk.post(reverse("patients:correct", args=[patient]), posted).status_code == 422
    assert Identity.objects.filter(patient=patient).count() == 2


def test_a_band_is_replaced_once(house: SimpleNamespace) -> None:
    """A second replacement would end the band that has just been put on the wrist."""
    doctor, patient = house.browser["doctor"], house.patient()
    encounter = house.visit(patient, "emergency")
    there = reverse("patients:wristband", args=[patient, encounter])
    code = queries.wristband(patient, encounter)
    assert f'name="seen" value="{code}"' in page(doctor, "wristband", patient, encounter)
    second = twice(doctor, there, {"replaces": "lost", "seen": code})
    assert (second.status_code, "刚刚已经更换过" in second.content.decode()) == (422, True)
    now = queries.wristband(patient, encounter)
    assert f'name="seen" value="{now}"' in second.content.decode(), "what comes back is the band in force"
    assert doctor.post(there, {"replaces": "lost"}).status_code == 422, "a page that showed no band replaces none"
    assert Wristband.objects.filter(encounter=encounter).count() == 2
    with refused("band_moved"):
        actions.band(house.doctor, patient, encounter, replaces="lost", seen=code)
