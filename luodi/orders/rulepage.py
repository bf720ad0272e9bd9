"""The rules written out: `docs/rules.md` is made here, from the shipped tables and the functions that read them.

`python -m luodi.orders.rulepage` writes it; a test compares it with what this module would write.
"""

from collections import Counter
from pathlib import Path

import luodi.terms
from luodi.advice.rules import TABLE
from luodi.terms.sheets import Row, rows

DATA = Path(luodi.terms.__file__).parent / "data"
FILE = Path(__file__).parents[2] / "docs" / "rules.md"
HEAD = """# 审方规则 / Rules of the check

由 `python -m luodi.orders.rulepage` 依据 `luodi/terms/data` 生成，有测试保证一致。
数据是汇编样本，没有药师审核过，不得用于真实诊疗；医院可以逐行修改数值、级别和生效日期。
每条规则的边界病例见 `tests/advice/cases`（每行有出处）。

Made from the shipped tables by `python -m luodi.orders.rulepage`; a test keeps it true. The data is a compiled
sample that no pharmacist has reviewed. A hospital changes numbers, grades and dates row by row. Cases at every
boundary, each with its source: `tests/advice/cases`.

级别 / Grades: REFUSE 不能签名 stops the signature, ASK 须写明理由 needs a written answer,
TELL 提示 is shown beside the line. A rule's data may grade parts of it otherwise.
药物相互作用另见 / interactions: `docs/interactions.md`.
"""
LIMITS = {
    "child": ("儿童剂量", "Doses for children"),
    "body": ("按体重、体表面积或老年", "By weight, surface or old age"),
    "renal": ("按肾功能 (eGFR)", "By kidney function (eGFR)"),
    "ceiling": ("剂量上限，超过即拒绝", "Ceilings: above them REFUSE"),
}
PER = {"dose": "/次 dose", "day": "/日 day"}


MEASURES = ("concentration", "speed", "minutes")


def page() -> str:
    """The whole document."""
    return "\n".join([HEAD, *_rules(), *_limits(), *_infusions(), *_lactation(), *_herbs()]).rstrip() + "\n"


def _cells(*texts: str) -> str:
    return f"| {' | '.join(text or '—' for text in texts)} |"


def _named(row: Row, *names: str) -> str:
    return _cells(*(row[name] for name in names))


def _rules() -> list[str]:
    held = rows(DATA, "rules")
    lines = [
        f"## 规则 / Rules ({len(held)})\n",
        "| rule | 规则 | what it asks | grade | 依据 source | 条 article | 生效 from |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, judge in TABLE.items():
        said = (judge.__doc__ or "").strip().splitlines()[0]
        for row in (row for row in held if row["kind"] == kind):
            ends = f" – {row['effective_to']}" if row["effective_to"] else ""
            lines.append(
                f"| `{row['code']}` | {row['title_zh']} | {said} | {row['grade'].upper()} | {row['source']} "
                f"| {row['article'] or '—'} | {row['effective_from']}{ends} |"
            )
    return [*lines, ""]


def _limits() -> list[str]:
    held = rows(DATA, "dose_limits")
    lines = [f"## 剂量限度 / Dose limits ({len(held)})\n"]
    for kind, (zh, en) in LIMITS.items():
        lines += [
            f"### {zh} / {en}\n",
            "| row | ATC | 途径 route | 范围 range | 适用 for | 依据 source |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            _cells(row["code"], row["atc_prefixes"], row["route_groups"], _range(row), _for(row), row["source"])
            for row in held
            if row["kind"] == kind
        ]
        lines.append("")
    return lines


def _range(row: Row) -> str:
    basis = f"/{row['basis']}" if row["basis"] else ""
    bounds = f"{row['low']}–{row['high']}" if row["low"] and row["low"] != row["high"] else f"≤ {row['high']}"
    most = f", ≤ {row['most']} {row['unit']}" if row["most"] else ""
    return f"{bounds} {row['unit']}{basis} {PER[row['per']]}{most}"


def _for(row: Row) -> str:
    parts = []
    for name, unit in (("age", ""), ("weight", " kg"), ("egfr", "")):
        low, high = row[f"{name}_from"], row[f"{name}_to"]
        if low or high:
            parts.append(f"{name} {low or '0'}{unit} – {f'< {high}{unit}' if high else ''}".rstrip(" –"))
    return "; ".join([*parts, *([f"{row['note_zh']} {row['note_en']}"] if row["note_en"] else [])]) or "—"


def _infusions() -> list[str]:
    held, pairs = rows(DATA, "infusions"), rows(DATA, "bag_pairs")
    return [
        f"## 输液 / Infusions ({len(held)})\n",
        "| row | ATC | 溶媒 solvents | 不得 never | 浓度 ≤ /ml | 速度 ≤ /h | 时间 ≥ min | 说明 | in words | source |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(
            _named(r, "code", "atc_prefixes", "solvents", "never", *MEASURES, "reason_zh", "reason_en", "source")
            for r in held
        ),
        "",
        f"### 不能同瓶 / Not in one bag ({len(pairs)})\n",
        "| row | A | B | level | 说明 | in words | source |",
        "|---|---|---|---|---|---|---|",
        *(
            _named(r, "code", "a_atc_prefixes", "b_atc_prefixes", "level", "reason_zh", "reason_en", "source")
            for r in pairs
        ),
        "",
    ]


def _lactation() -> list[str]:
    held = rows(DATA, "lactation")
    counted = ", ".join(f"{level} {count}" for level, count in Counter(row["level"] for row in held).items())
    return [
        f"## 哺乳期 / Lactation ({len(held)}: {counted})\n",
        "表中没有的药品提示“没有哺乳期资料”。 A drug without a row is told as unknown.\n",
        "| row | ATC | level | 说明 | in words | source |",
        "|---|---|---|---|---|---|",
        *(_named(r, "code", "atc_prefixes", "level", "reason_zh", "reason_en", "source") for r in held),
        "",
    ]


def _herbs() -> list[str]:
    held = rows(DATA, "herb_pairs")
    return [
        f"## 十八反、十九畏 / Herbs that must not meet ({len(held)})\n",
        "| row | | A | B | source |",
        "|---|---|---|---|---|",
        *(_named(r, "code", "kind", "a_names", "b_names", "source") for r in held),
    ]


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
