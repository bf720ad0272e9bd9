"""The measures' screens."""

from django.urls import reverse

from luodi.insight.measure import REGISTRY
from luodi.trust import ledger
from tests.ward.browsing import at, shown
from tests.ward.scene import Scene, hire


def test_every_measure_has_its_tile_and_its_page(scene: Scene) -> None:
    scene.signed()
    head = ledger.seal()
    director = at(hire("director", "director", scene.units["IT"]))
    text = shown(director.get(reverse("insight:measures")))
    assert "数据不足" in text
    for code, definition in REGISTRY.items():
        assert definition.zh in text
        page = shown(director.get(reverse("insight:measure", args=[code])))
        for words in (definition.definition, definition.formula, definition.owner, f"#{ledger.head()}"):
            assert str(words) in page
    assert head > 0


def test_a_window_that_is_none_reads_seven_days(scene: Scene) -> None:
    director = at(hire("director", "director", scene.units["IT"]))
    assert shown(director.get(reverse("insight:measures") + "?days=-9999'"))
    assert director.get(reverse("insight:measure", args=["no_such"])).status_code == 404


def test_a_nurse_reads_no_measures(scene: Scene) -> None:
    assert at(scene.nurse).get(reverse("insight:measures")).status_code == 403
