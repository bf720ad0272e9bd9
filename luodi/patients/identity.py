"""One version of an identity: checked as typed, sealed under the patient's key, opened again."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.trust import vault

from . import idcard, insured, pinyin, written
from .models import Identity
from .refusals import Invalid
from .types import ID_KINDS, NO_ID_REASONS, SEXES, NewPatient

SEALED = ("name", "pinyin", "id_no", "phone", "address", "insurance")
_OLDEST_YEARS = 130
_DOCUMENT = re.compile(r"[A-Z0-9()/]{4,24}")
_PHONE = re.compile(r"\+?[0-9]{7,15}")


def checked(new: NewPatient, on: date) -> NewPatient:
    """The identity normalised and found sound on that day.

    A resident number gives sex and birth date where they are not stated, and refuses others.
    Raises Invalid, Unreadable.
    """
    name = written.name(new.name)
    number, born, sex = _document(new, on)
    if sex not in SEXES:
        raise Invalid("sex", _("请选择性别"), "sex")
    return NewPatient(
        name=name,
        sex=sex,
        birth_date=_birth_date(born, on),
        id_kind=new.id_kind,
        id_no=number,
        phone=phone(new.phone),
        address=written.line(new.address, longest=200, field="address"),
        insurance=insured.number(new.insurance),
        pinyin=pinyin.chosen(new.pinyin, name),
        no_id_reason=new.no_id_reason if new.id_kind == "none" else "",
    )


def phone(text: str) -> str:
    """Digits with an optional leading plus; blanks, dashes and brackets go. Raises Invalid."""
    typed = re.sub(r"[\s()（）\-‐–—]", "", written.line(text, longest=40, field="phone"))
    if typed and not _PHONE.fullmatch(typed):
        raise Invalid("phone", _("电话号码应为 7 到 15 位数字"), "phone")
    return typed


def sealed(new: NewPatient, key: Any) -> dict[str, Any]:
    """Column values of an Identity row."""
    columns = {field: vault.seal(getattr(new, field), key, field=field) for field in SEALED}
    plain = ("sex", "birth_date", "id_kind", "no_id_reason")
    return columns | {field: getattr(new, field) for field in plain}


def opened(row: Identity) -> NewPatient:
    """The identity of a version as it was stored. Raises vault.Destroyed after an erasure."""
    key = row.patient.key
    texts = {
        field: vault.unseal(blob, key, field=field) for field in SEALED if (blob := getattr(row, field)) is not None
    }
    return NewPatient(
        sex=row.sex, birth_date=row.birth_date, id_kind=row.id_kind, no_id_reason=row.no_id_reason, **texts
    )


def latest(patient: int) -> Identity | None:
    return Identity.objects.filter(patient=patient).select_related("patient__key").order_by("-version").first()


def changed(before: NewPatient, changes: dict[str, Any]) -> NewPatient:
    """`before` with the changes; a new name takes its likeliest reading unless one is given too."""
    if "name" in changes and "pinyin" not in changes and changes["name"] != before.name:
        changes = {**changes, "pinyin": ""}
    return replace(before, **changes)


def mask_name(name: str) -> str:
    """First character kept, last kept from three on (欧阳建国 → 欧**国, 李明 → 李*)."""
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*"
    return name[0] + "*" * min(len(name) - 2, 6) + name[-1]


def mask_phone(number: str) -> str:
    """138****1234."""
    return number[:3] + "****" + number[-4:] if len(number) >= 9 else "*" * len(number)


def _document(new: NewPatient, on: date) -> tuple[str, date | None, str]:
    if new.id_kind not in ID_KINDS:
        raise Invalid("id_kind", _("请选择证件类型"), "id_kind")
    if new.id_kind == "none":
        if new.no_id_reason not in NO_ID_REASONS:
            raise Invalid("no_id_reason", _("没有证件时，请选择原因"), "no_id_reason")
        return "", new.birth_date, new.sex
    number = idcard.clean(new.id_no)
    if new.id_kind == "resident":
        return _resident(number, new, on)
    if not _DOCUMENT.fullmatch(number):
        raise Invalid("id_no", _("证件号应为 4 到 24 位字母或数字"), "id_no")
    return number, new.birth_date, new.sex


def _resident(number: str, new: NewPatient, on: date) -> tuple[str, date, str]:
    try:
        facts = idcard.check(number, on)
    except idcard.IdNumberError as bad:
        raise Invalid("id_" + bad.code, bad.words, "id_no") from None
    if new.birth_date not in (None, facts.birth_date):
        raise Invalid("id_birth_date_differs", _("出生日期与身份证号不符"), "birth_date")
    if new.sex not in ("0", "9", facts.sex):
        raise Invalid("id_sex_differs", _("性别与身份证号不符"), "sex")
    return facts.number, facts.birth_date, facts.sex


def _birth_date(born: date | None, on: date) -> date | None:
    if born is not None and born > on:
        raise Invalid("birth_date_future", _("出生日期在今天以后"), "birth_date")
    if born is not None and on.year - born.year > _OLDEST_YEARS:
        raise Invalid("birth_date_past", _("出生日期太早：请核对年份"), "birth_date")
    return born
