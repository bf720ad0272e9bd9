"""Register, find, correct, reveal, band: and what the tables and the ledger hold of it."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from luodi.patients import actions, queries
from luodi.patients.models import BlindIndex, Identity, Patient
from luodi.trust import ledger, vault
from luodi.trust.clock import today
from luodi.trust.models import Entry
from luodi.trust.refusal import Refusal
from luodi.trust.vault.sm import Forged
from tests.patients.people import RESIDENT, newcomer, refused

HAN = {
    "name": "单雄信",
    "sex": "0",
    "id_kind": "resident",
    "id_no": RESIDENT,
    "phone": "138 1234-5678",
    "address": "北京市朝阳区某街 1 号",
}


def why(text: str) -> dict[int, str]:
    return {hit.patient: hit.why for hit in queries.search(text)}


def test_a_document_tells_sex_and_birth_date(house: SimpleNamespace) -> None:
    card = queries.card(house.patient(**HAN))
    assert (card.name, card.sex, card.birth_date, card.rev) == ("单雄信", "2", date(1949, 12, 31), 1)
    assert (card.pinyin, card.spoken, card.masked) == ("shan xiong xin", "shan xiong xin", "单*信")
    assert card.record_no.startswith("P")
    assert "单雄信" not in repr(card)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("单雄信", "name"), ("sx", "pinyin"), ("SXX", "pinyin"), ("shanxiongxin", "pinyin"), ("dxx", "pinyin"),
        ("5678", "phone4"), ("13812345678", "phone"), ("１３８１２３４５６７８", "phone"), (RESIDENT.lower(), "id"),
        ("110105491231002", "id"), ("单雄信 5678", "name"), ("5678 sxx", "phone4"),
    ],
)  # fmt: skip
def test_a_patient_is_found_by(house: SimpleNamespace, text: str, reason: str) -> None:
    other = house.patient(name="赵云", phone="13900001111")
    patient = house.patient(**HAN)
    assert why(text) == {patient: reason}
    assert other not in why(text)


@pytest.mark.parametrize(
    "text", ["", "s", "单", "单雄", "雄信", "9999", "' OR 1=1 --", "%", "x" * 500, "\x00", "单雄信 9999"]
)
def test_a_patient_is_not_found_by(house: SimpleNamespace, text: str) -> None:
    house.patient(**HAN)
    assert why(text) == {}


def test_a_patient_is_found_by_record_number_and_wristband(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    band = actions.band(house.clerk, patient, 77)
    assert why(queries.card(patient).record_no.lower()) == {patient: "record_no"}
    assert why(band) == {patient: "wristband"}


def test_a_search_opens_twenty_identities_at_most(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(23):
        house.patient(name="张伟")
    opened: list[str] = []
    unseal = vault.unseal
    monkeypatch.setattr(vault, "unseal", lambda blob, key, field: opened.append(field) or unseal(blob, key, field))
    assert len(queries.search("张伟", limit=50)) == 20
    assert len(opened) == 40  # name and pinyin of each


def test_a_corrected_name_is_found_by_the_new_one_alone(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    assert actions.correct(house.clerk, patient, {"name": "单雄义"}, "登记时写错", rev=1) == 2
    assert why("单雄信") == {}
    assert why("sxy") == {patient: "pinyin"}
    assert queries.card(patient).rev == 2
    first = Identity.objects.select_related("patient__key").get(patient=patient, version=1)
    assert vault.unseal(first.name, first.patient.key, field="name") == "单雄信"


def test_a_reading_can_be_chosen(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    actions.correct(house.clerk, patient, {"pinyin": "dan xiong xin"}, "本人读 dan")
    assert queries.card(patient).pinyin == "dan xiong xin"
    assert why("dxx") == {patient: "pinyin"}


@pytest.mark.parametrize(
    ("changes", "reason", "rev", "code"),
    [
        ({"name": "单雄义"}, "", 1, "reason"),
        ({"name": "单雄义"}, "写错", 7, "identity_moved"),
        ({"name": "单雄信"}, "没改", 1, "nothing_changed"),
        ({"phone": "12"}, "写错", 1, "phone"),
        ({"id_no": "11010519491231002Y"}, "写错", 1, "id_characters"),
        ({"birth_date": date(1950, 1, 1)}, "写错", 1, "id_birth_date_differs"),
        ({"sex": "1"}, "写错", 1, "id_sex_differs"),
        ({"sex": "7"}, "写错", 1, "id_sex_differs"),
        ({"id_kind": "library_card"}, "写错", 1, "id_kind"),
        ({"id_kind": "none"}, "写错", 1, "no_id_reason"),
        ({"id_kind": "passport", "id_no": "?"}, "写错", 1, "id_no"),
    ],
)
def test_a_correction_that_does_not_hold_changes_nothing(
    house: SimpleNamespace, changes: dict[str, Any], reason: str, rev: int, code: str
) -> None:
    patient = house.patient(**HAN)
    with refused(code):
        actions.correct(house.clerk, patient, changes, reason, rev=rev)
    assert queries.card(patient).rev == 1
    assert Entry.objects.filter(verb="refused").count() == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"birth_date": today() + timedelta(days=2)}, "birth_date_future"),
        ({"birth_date": date(1850, 1, 1)}, "birth_date_past"),
        ({"sex": "male"}, "sex"),
        ({"no_id_reason": ""}, "no_id_reason"),
        ({"name": "x" * 1_000_000}, "too_long"),
        ({"address": "路" * 201}, "too_long"),
        ({"phone": "+1 (555) 12a"}, "phone"),
        ({"name": "张建国".encode("gbk").decode("latin-1").replace("\xbd", "\x9d")}, "control_character"),
    ],
)
def test_an_identity_that_does_not_hold_leaves_nothing(
    house: SimpleNamespace, facts: dict[str, Any], code: str
) -> None:
    with refused(code):
        house.patient(**facts)
    assert not Patient.objects.exists()
    assert not BlindIndex.objects.exists()


def test_a_document_is_registered_once(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    with refused("id_taken") as caught:
        house.patient(**(HAN | {"name": "别人"}))
    assert caught.value.facts == {"registered": patient}
    other = house.patient(name="赵云")
    with refused("id_taken"):
        actions.correct(house.clerk, other, {"id_kind": "resident", "id_no": RESIDENT, "sex": "2"}, "补录证件")


def test_two_countries_may_give_the_same_passport_number(house: SimpleNamespace) -> None:
    one = house.patient(name="A One", id_kind="passport", id_no="x1234567")
    other = house.patient(name="B Two", id_kind="passport", id_no="X1234567")
    assert set(why("X1234567")) == {one, other}


def test_only_those_who_may(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    for by in (house.doctor, house.system, house.director):
        with refused("forbidden"):
            actions.register(by, newcomer())
        with refused("forbidden"):
            actions.correct(by, patient, {"name": "别名"}, "x")
        with refused("forbidden"):
            actions.reveal(by, patient, "id_no", "x")
    with refused("forbidden"):
        actions.band(house.director, patient, 1)


def test_revealing_is_an_act_whose_reason_is_sealed(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    with refused("reason"):
        actions.reveal(house.clerk, patient, "id_no", " ")
    assert actions.reveal(house.clerk, patient, "id_no", "核对医保身份") == RESIDENT
    entry = Entry.objects.get(verb="identity.reveal")
    assert entry.facts == '{"field":"id_no"}'
    assert entry.sealed
    assert "核对医保身份".encode() not in bytes(entry.sealed)


def test_numbers_are_masked_until_revealed(house: SimpleNamespace) -> None:
    known = queries.identity_of(house.patient(**HAN))
    assert (known.id_no, known.phone, known.address) == ("110***********002X", "138****5678", "北京市朝阳区****")


# Duplicates


def test_likely_duplicates_come_with_score_and_reasons(house: SimpleNamespace) -> None:
    born = date(1980, 5, 1)
    same = house.patient(name="王小明", birth_date=born, phone="13800000001")
    house.patient(name="王小明", birth_date=date(1933, 1, 9), sex="2")
    sound = house.patient(name="王晓明", birth_date=born)
    found = queries.duplicates(newcomer(name="王小明", birth_date=born, phone="138 0000 0001"))
    assert [duplicate.patient for duplicate in found] == [same, sound]
    assert found[0].score == 100
    assert set(found[0].reasons) == {"name", "birth_date", "phone", "sex"}
    assert set(found[1].reasons) == {"pinyin", "birth_date", "sex"}


def test_a_swapped_day_and_month_and_a_slip_in_the_sex_hide_nobody(house: SimpleNamespace) -> None:
    patient = house.patient(name="王小明", birth_date=date(1980, 5, 1), phone="13800000001")
    swapped = queries.duplicates(newcomer(name="王小明", birth_date=date(1980, 1, 5), phone="13800000001", sex="2"))
    assert [duplicate.patient for duplicate in swapped] == [patient]
    assert "birth_close" in swapped[0].reasons


def test_the_same_document_is_certain_whatever_else_differs(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    found = queries.duplicates(newcomer(name="全不同", id_kind="resident", id_no=RESIDENT, sex="2"))
    assert [(one.patient, one.score) for one in found] == [(patient, 100)]


def test_a_family_on_one_phone_is_no_duplicate(house: SimpleNamespace) -> None:
    house.patient(name="王小明", birth_date=date(1980, 5, 1), phone="13800000001")
    assert queries.duplicates(newcomer(name="王大力", birth_date=date(1950, 2, 3), phone="13800000001")) == []


def test_comparing_opens_nobodys_identity(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    house.patient(name="王小明")

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("an identity was opened")

    monkeypatch.setattr(vault, "unseal", refuse)
    queries.duplicates(newcomer(name="王小明", phone="13800000001"))


# Wristbands


def test_a_band_names_its_patient_until_it_is_replaced(house: SimpleNamespace) -> None:
    patient = house.patient()
    with refused("no_wristband"):
        queries.wristband(patient, 5)
    code = actions.band(house.clerk, patient, 5)
    assert actions.band(house.clerk, patient, 5) == code == queries.wristband(patient, 5)
    assert queries.by_wristband(f" {code.lower()}\r\n") == patient
    fresh = actions.band(house.clerk, patient, 5, replaces="lost")
    assert queries.by_wristband(code) is None
    assert queries.by_wristband(fresh) == patient
    assert queries.card(patient).record_no not in fresh
    with refused("band_reason"):
        actions.band(house.clerk, patient, 5, replaces="whim")
    with refused("no_wristband"):
        actions.band(house.clerk, house.patient(), 5)


@pytest.mark.parametrize("code", ["", "W", "P123456784", "W0000000000", "' OR 1=1", "\x00" * 9, "W" * 5000])
def test_an_unknown_code_names_nobody(house: SimpleNamespace, code: str) -> None:
    actions.band(house.clerk, house.patient(), 5)
    assert queries.by_wristband(code) is None


# Laws


def dump() -> bytes:
    """Every byte of every table of this hospital, the ledger included."""
    held = bytearray()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                for value in row:
                    held += bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                    held += b"\0"
    return bytes(held)


@pytest.mark.law
def test_no_table_holds_an_identifier_in_the_clear(house: SimpleNamespace) -> None:
    secrets = [
        "单雄信",
        "单雄义",
        "shan xiong xin",
        RESIDENT,
        "13812345678",
        "朝阳区某街",
        "13911112222",
        "口误两字",
        "核对身份",
    ]
    patient = house.patient(**HAN)
    actions.correct(house.clerk, patient, {"name": "单雄义", "phone": "13911112222"}, "口误两字")
    actions.reveal(house.clerk, patient, "id_no", "核对身份")
    with pytest.raises(Refusal):
        house.patient(**HAN)
    ledger.seal()
    held = dump()
    assert b"identity.correct" in held  # the dump sees the tables
    for secret in secrets:
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert secret.encode(encoding) not in held, (secret, encoding)


@pytest.mark.law
def test_equal_names_seal_differently_and_a_moved_blob_does_not_open(house: SimpleNamespace) -> None:
    one, other = house.patient(), house.patient()
    rows = {row.patient_id: row for row in Identity.objects.select_related("patient__key")}
    assert bytes(rows[one].name) != bytes(rows[other].name)
    with pytest.raises(Forged):
        vault.unseal(rows[one].name, rows[other].patient.key, field="name")
    with pytest.raises(Forged):
        vault.unseal(rows[one].name, rows[one].patient.key, field="phone")


@pytest.mark.law
def test_an_erased_patient_is_shown_without_a_name(house: SimpleNamespace) -> None:
    patient = house.patient(**HAN)
    vault.destroy_key(Patient.objects.get(pk=patient).key)
    assert queries.card(patient).name == "身份已依法删除"


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """Run all at once, each in a thread and connection of its own; results, or the refusal's code."""
    outcome: list[Any] = [None] * len(work)
    start = threading.Barrier(len(work))

    def run(n: int) -> None:
        try:
            start.wait()
            outcome[n] = work[n]()
        except Refusal as refusal:
            outcome[n] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


@pytest.mark.law
@pytest.mark.django_db(transaction=True)
def test_of_corrections_made_at_once_one_stands(shared: SimpleNamespace) -> None:
    patient = shared.patient()
    outcome = together(
        [
            lambda n=n: actions.correct(shared.clerk, patient, {"phone": f"1390000{n:04d}"}, "换号", rev=1)
            for n in range(6)
        ]
    )
    assert sorted(outcome, key=str) == [2, *["identity_moved"] * 5]
    assert Identity.objects.filter(patient=patient).count() == 2
    assert Entry.objects.filter(verb="identity.correct").count() == 1
    assert Entry.objects.filter(verb="refused").count() == 5
    assert BlindIndex.objects.filter(patient=patient, index="phone").count() == 1


@pytest.mark.law
@pytest.mark.django_db(transaction=True)
def test_of_registrations_of_one_document_at_once_one_stands(shared: SimpleNamespace) -> None:
    outcome = together([lambda: shared.patient(**HAN) for _ in range(5)])
    assert outcome.count("id_taken") == 4
    assert Patient.objects.count() == Identity.objects.count() == 1
    assert queries.search(RESIDENT)[0].name == "单雄信"
