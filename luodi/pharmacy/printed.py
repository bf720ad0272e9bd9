"""药品标签 as PDF, one page a package, for a label printer. The words are those of `labels`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from luodi.advice.amounts import text
from luodi.orders import queries as prescriptions
from luodi.paper import codes, sheet
from luodi.patients import queries as patients
from luodi.patients import said
from luodi.pharmacy.labels import Label, label
from luodi.pharmacy.queries import PackageCard, dispensing
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.tables import rows

TEMPLATE = Path(__file__).parent / "typst" / "labels.typ"
_SIZES = Path(__file__).parent / "data" / "label_sizes.csv"


def pdf(prescription: int, packages: Iterable[PackageCard], *, house: str, where: str) -> bytes:
    """The labels of some packages of one prescription. where: ward and bed, or the clinic."""
    with translation.override("zh-hans"):
        return sheet.pdf(TEMPLATE, values(prescription, packages, house=house, where=where), made=now())


def pictures(prescription: int, packages: Iterable[PackageCard], *, house: str, where: str) -> list[bytes]:
    """The same as PNG, one picture a label."""
    with translation.override("zh-hans"):
        return sheet.picture(TEMPLATE, values(prescription, packages, house=house, where=where), made=now(), ppi=220)


def size() -> tuple[int, int]:
    """Width and height of a label in millimetres."""
    row = rows(_SIZES)[0]
    return int(row["width_mm"]), int(row["height_mm"])


def values(prescription: int, packages: Iterable[PackageCard], *, house: str, where: str) -> dict[str, Any]:
    """What stands on each label."""
    packages = list(packages)
    card = prescriptions.header(prescription)
    who, made = patients.card(card.patient), dispensing(prescription)
    signed = [made.prepared_by, made.checked_by] if made else []
    person = f"{said.sex(who.sex)} {said.age(who.birth_date)} {who.record_no} {where}".strip()
    width, height = size()
    return {
        "house": house,
        "width": width,
        "height": height,
        "labels": [
            _label(label(each), who.name or _("未知"), person, "/".join(name for name in signed if name))
            | {"page": f"{place}/{len(packages)}"}
            for place, each in enumerate(packages, 1)
        ],
    }


def _label(one: Label, name: str, person: str, signed: str) -> dict[str, Any]:
    package = one.package
    planned = package.planned_at
    return {
        "name": name,
        "who": person,
        "drug": f"{package.drug.generic} {package.drug.strength} {package.drug.form}",
        "amount": f"× {text(package.qty)} {package.unit}",
        "planned": planned.astimezone(HOSPITAL_ZONE).strftime("%m-%d %H:%M") if planned else "",
        "usage": one.usage,
        "hints": "　".join(one.hints),
        "lot": package.lot_no,
        "expiry": package.expiry.isoformat(),
        "signed": signed,
        "barcode": str(codes.code128(package.barcode, height=40)),
    }
