"""What changed between two sets, row by row, in words for a pharmacist."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from luodi.terms import versions
from luodi.terms.kept import VersionFile
from luodi.terms.models import Diagnosis, Rule, RuleSet

TABLES = {
    "rule": _("规则"),
    "medicine": _("药品与剂量"),
    "interaction": _("相互作用药对"),
    "interactionpair": _("相互作用（按组）"),
    "interactiongroup": _("相互作用的药物组"),
    "ratedpair": _("参考书分级药对"),
    "interactionceiling": _("提示上限"),
    "combination": _("复方成分"),
    "contraindication": _("禁忌证"),
    "allergyclass": _("过敏分类"),
    "duplicateclass": _("重复用药分类"),
    "doselimit": _("剂量限度"),
    "lactation": _("哺乳期用药"),
    "infusion": _("溶媒与滴速"),
    "bagpair": _("配伍"),
    "carrier": _("溶媒"),
    "herbpair": _("十八反与十九畏"),
    "frequency": _("用药频次"),
    "route": _("给药途径"),
    "knowledgesource": _("资料来源"),
    "labitem": _("检验项目"),
    "vitalsign": _("体征范围"),
    "complaint": _("主诉"),
    "diagnosis": _("诊断编码"),
}
# What the tables call their columns, in words; a column without a word is shown by its own name.
FIELDS = {
    "grade": _("等级"), "parameters": _("参数"), "kind": _("类别"), "article": _("条款"), "title": _("名称"),
    "source": _("依据"), "effective_from": _("生效日期"), "effective_to": _("终止日期"), "generic_zh": _("通用名"),
    "generic_en": _("英文名"), "brand": _("商品名"), "form_zh": _("剂型"), "strength": _("规格"), "route": _("途径"),
    "usual_dose_low": _("常用单次剂量下限"), "usual_dose_high": _("常用单次剂量上限"),
    "max_daily_dose": _("每日极量"), "dose_unit": _("剂量单位"), "interval_days": _("给药间隔（天）"),
    "antibiotic_tier": _("抗菌药物级别"), "controlled_class": _("管制类别"), "high_alert": _("高警示"),
    "skin_test": _("皮试"), "pregnancy_caution": _("妊娠期"), "renal_caution": _("肾功能不全"), "note": _("备注"),
    "severity": _("严重程度"), "effect_zh": _("后果"), "effect_en": _("后果（英文）"), "mechanism": _("机制"),
    "management": _("处理"), "level": _("级别"), "prefixes": _("ATC 前缀"), "value": _("条件"), "reason": _("理由"),
    "most": _("最高等级"), "max_concurrent": _("最多同用数"), "exception": _("例外"), "per_day": _("每日次数"),
    "times": _("时间"), "edition": _("版次"), "dated": _("版本日期"), "max_age_days": _("使用期限（天）"),
    "review_due": _("应复核日期"), "name_zh": _("名称"), "code": _("代码"), "name_en": _("英文名"), "atc": "ATC",
}  # fmt: skip
_TITLES = {
    "medicine": ("generic_zh", "strength", "form_zh"),
    "interaction": ("a_substance", "b_substance"),
    "interactionpair": ("a_group", "a_name", "b_group", "b_name", "effect_zh"),
    "ratedpair": ("a_name", "b_name"),
    "contraindication": ("prefixes", "kind", "value"),
    "interactionceiling": ("a_prefixes", "b_prefixes"),
    "rule": ("title",),
    "combination": ("parts",),
}


GRADES = {"refuse": _("拒绝"), "ask": _("询问"), "tell": _("提示")}


class Field(NamedTuple):
    """One column that says something else. Either side may be "" for blank."""

    name: str
    old: str
    new: str

    @property
    def label(self) -> Any:
        column, _space, path = self.name.partition(" ")
        return f"{FIELDS.get(column, column)} {path}".strip()

    @property
    def was(self) -> Any:
        return word(self.name, self.old)

    @property
    def now(self) -> Any:
        return word(self.name, self.new)


class Change(NamedTuple):
    """One row: `kind` is added, ended or changed."""

    table: str
    key: str
    title: str
    kind: str
    fields: tuple[Field, ...]


class Section(NamedTuple):
    """The changes of one table, with how many of each kind."""

    table: str
    label: Any
    added: int
    ended: int
    changed: int
    changes: tuple[Change, ...]

    @property
    def rows(self) -> int:
        return len(self.changes)


def difference(new: int, old: int | None = None) -> tuple[Section, ...]:
    """What version `new` has other than version `old`, or than what is in force (None); tables alike are left out."""
    card, now = versions.version(new), versions.live()
    if old is None and now is not None and now.version is not None:
        old = now.version
    if old is not None:
        return _between(new, card.digest, old, versions.version(old).digest)
    return _sections(new, None)


@lru_cache(maxsize=8)
def _between(new: int, _new_digest: str, old: int, _old_digest: str) -> tuple[Section, ...]:
    return _sections(new, old)


def _sections(new: int, old: int | None) -> tuple[Section, ...]:
    same_codes = old is not None and _file(new, "icd10") == _file(old, "icd10")
    found = []
    for table, _names, _reader in versions.TABLES:
        if table is Diagnosis and same_codes:
            continue
        changes = _compared(table, _before(table, old), versions.rows(new, table))
        if changes:
            kinds = [change.kind for change in changes]
            name = table._meta.model_name or ""
            added, ended, other = (kinds.count(kind) for kind in ("added", "ended", "changed"))
            found.append(Section(name, TABLES.get(name, name), added, ended, other, changes))
    return tuple(found)


def _file(pk: int, name: str) -> str:
    return VersionFile.objects.filter(version=pk, name=name).values_list("content__digest", flat=True).first() or ""


def _before(table: type[Model], old: int | None) -> list[Any]:
    """Rows of the version, or those in force of a hospital that has no files of them."""
    if old is not None:
        return versions.rows(old, table)
    if table is Rule:
        head = RuleSet.objects.filter(effective_to=None).first()
        return list(Rule.objects.filter(ruleset=head)) if head else []
    return list(table._default_manager.filter(effective_to=None))


def _compared(table: type[Model], before: Iterable[Any], after: Iterable[Any]) -> tuple[Change, ...]:
    old = {versions.key_of(row): row for row in before}
    new = {versions.key_of(row): row for row in after}
    found = []
    for key in sorted(old.keys() | new.keys()):
        one, two = old.get(key), new.get(key)
        if one is None:
            found.append(_change("added", key, two, ()))
        elif two is None:
            found.append(_change("ended", key, one, ()))
        elif fields := _fields(versions.told(one), versions.told(two)):
            found.append(_change("changed", key, two, fields))
    return tuple(sorted(found, key=lambda change: ("changed", "added", "ended").index(change.kind)))


def _fields(one: dict[str, str], two: dict[str, str]) -> tuple[Field, ...]:
    found: list[Field] = []
    for name in one:
        if one[name] != two[name]:
            found += _parameters(one[name], two[name]) if name == "parameters" else [Field(name, one[name], two[name])]
    return tuple(found)


def _parameters(one: str, two: str) -> list[Field]:
    """The parameters that differ, each by its own name, and not the whole text of them."""
    old, new = dict(_leaves(json.loads(one))), dict(_leaves(json.loads(two)))
    paths = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return [Field(f"parameters {path}", old.get(path, ""), new.get(path, "")) for path in paths]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value):
        for place, each in enumerate(value, 1):
            yield from _leaves(each, f"{path}[{place}]")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _change(kind: str, key: str, row: Any, fields: tuple[Field, ...]) -> Change:
    return Change(row._meta.model_name, key, title(row), kind, fields)


def word(field: str, value: str) -> Any:
    """A value as a person says it: grades in words, everything else as it stands."""
    return GRADES.get(value, value) if field in ("grade", "most") or field.startswith("parameters ") else value


def title(row: Any) -> str:
    """What a person calls a row."""
    names = _TITLES.get(row._meta.model_name, ("name_zh", "name_en"))
    return " · ".join(str(getattr(row, name)) for name in names if getattr(row, name, ""))
