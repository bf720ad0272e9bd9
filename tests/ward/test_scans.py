"""What a scanner may bring to the receipt and to the bed, and the sentence that answers it, in both languages."""

from datetime import timedelta

import pytest
from django.conf import settings

from luodi.patients import queries as patients
from luodi.stock import actions as stock
from luodi.stock.models import Lot
from luodi.trust import clock
from luodi.ward.models import Administration
from tests.pharmacy.test_scans import LONG, WIDE
from tests.pharmacy.test_screens import GTIN
from tests.ward.browsing import at, shown
from tests.ward.scene import Scene
from tests.ward.test_screens import scan, url

NO_PACKAGE = [
    ("YCSSBFCBGVCS", "不认识这个药包条码", "This package barcode is not known"),
    ("record", "这是病案号", "a record number"),
    (f"01{GTIN}", "药盒上的商品条码", "the code of the box"),
    (LONG, "扫描到的内容太长", "too long"),
    ("<script>alert(1)</script>", "不认识这个药包条码", "This package barcode is not known"),
]


def both(scene: Scene):
    client, other = at(scene.nurse), at(scene.nurse)
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client, other


@pytest.mark.parametrize(("code", "zh", "en"), NO_PACKAGE)
def test_at_the_bed_and_on_the_rounds(scene: Scene, code: str, zh: str, en: str) -> None:
    rx = scene.inpatient()
    dose = scene.doses(rx)[0]
    code = patients.card(dose.patient).record_no if code == "record" else code
    with clock.at(dose.planned_at):
        client, english = both(scene)
        for send in (lambda who: scan(who, dose.pk, code), lambda who: who.post(url("scan"), {"code": code})):
            text = shown(send(client), 422)
            assert zh in text
            assert "请" in text
            assert len(text) < 100_000
            assert en in shown(send(english), 422)


@pytest.mark.parametrize(("code", "zh", "en"), [*NO_PACKAGE, ("band", "这是腕带", "a wristband")])
def test_at_the_receipt(scene: Scene, code: str, zh: str, en: str) -> None:
    rx = scene.handed()
    patient = scene.doses(rx)[0].patient
    code = {"record": patients.card(patient).record_no, "band": scene.band(rx)}.get(code, code)
    client, english = both(scene)
    posted = {"rev": scene.rev(rx), "scanned": "", "code": code}
    text = shown(client.post(url("receipt", rx), posted), 422)
    assert zh in text
    assert len(text) < 100_000
    assert en in shown(english.post(url("receipt", rx), posted), 422)


def test_a_foreign_package_at_the_receipt(scene: Scene) -> None:
    rx, other = scene.handed(), scene.handed(bed=1)
    posted = {"rev": scene.rev(rx), "scanned": "", "code": scene.codes(other)[0]}
    text = shown(at(scene.nurse).post(url("receipt", rx), posted), 422)
    assert "不属于这张处方" in text
    assert "放到一边" in text


def test_another_band_a_given_package_and_nothing(scene: Scene) -> None:
    rx, other = scene.inpatient(), scene.inpatient(bed=1)
    one, two = scene.doses(rx)[:2]
    with clock.at(one.planned_at):
        scene.give(one)
    with clock.at(two.planned_at):
        client, english = both(scene)
        assert "患者不对" in shown(scan(client, two.pk, scene.band(other)))
        assert "Stop" in shown(scan(english, two.pk, scene.band(other)))
        given = shown(scan(client, two.pk, scene.code(one)))
        assert "这个药包已经给过" in given
        assert "请不要再次给药" in given
        assert "这个药包已经给过" in shown(client.post(url("scan"), {"code": scene.code(one)}), 422)
        assert "没有扫到条码" in shown(scan(client, two.pk, ""), 422)
    assert Administration.objects.count() == 1


def test_an_expired_or_recalled_lot_at_the_receipt_and_at_the_bed(scene: Scene) -> None:
    handed, rx = scene.handed(bed=1), scene.inpatient()
    dose = scene.doses(rx)[0]
    for lot in Lot.objects.filter(medicine=dose.line.medicine):
        stock.recall(scene.keeper, lot.pk, "厂家召回", rev=lot.rev)
    with clock.at(dose.planned_at):
        nurse = at(scene.nurse)
        shelf = shown(nurse.get(url("order", handed)))
        assert "已召回" in shelf
        assert "接收后退回药房换药" in shelf
        bed = shown(scan(nurse, dose.pk, scene.code(dose)))
        assert "这个药包不能用：已召回" in bed
        assert "把药包退回药房换药" in bed
        assert url("giving", dose.pk) not in bed


def test_full_width_and_lower_case_are_the_same_code(scene: Scene) -> None:
    rx, handed = scene.inpatient(), scene.handed(bed=1)
    dose = scene.doses(rx)[0]
    codes = scene.codes(handed)
    with clock.at(dose.planned_at - timedelta(minutes=1)):
        nurse = at(scene.nurse)
        for spelled in (str.lower, lambda code: code.translate(WIDE)):
            text = shown(nurse.post(url("scan"), {"code": spelled(scene.band(rx))}))
            assert "腕带已扫描" in text
            text = shown(scan(nurse, dose.pk, spelled(scene.code(dose)), wristband=scene.band(rx)))
            assert text.count('class="right"') == 5
            posted = {"rev": scene.rev(handed), "scanned": "", "code": spelled(codes[0])}
            assert f'value="{codes[0]}"' in shown(nurse.post(url("receipt", handed), posted))
