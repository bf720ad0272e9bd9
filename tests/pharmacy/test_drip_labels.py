"""What a label says of a drip."""

from decimal import Decimal
from types import SimpleNamespace

from luodi.pharmacy import labels


def drip(**more):
    line = {
        "medicine": "-", "dose": Decimal("1.5"), "dose_unit": "g", "pack_unit": "支", "frequency": "每日1次",
        "route": "静脉滴注", "prn": False, "usage": "", "bag": 0, "rate": None, "rate_unit": "",
    }  # fmt: skip
    return labels.usage(SimpleNamespace(**line | more))


def test_bag_and_speed_stand_on_the_label(db):
    said = drip(bag=2, rate=Decimal("60.0"), rate_unit="gtt/min")
    assert "第 2 组同瓶" in said
    assert "每分钟 60 滴" in said
    assert "每小时 80 ml" in drip(bag=2, rate=Decimal(80), rate_unit="ml/h")


def test_a_line_alone_says_nothing_of_them(db):
    assert drip() == "每次 1.5 g，每日1次，静脉滴注"
