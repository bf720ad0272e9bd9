"""The loop drawn and written out: `docs/loop.md` and `docs/loop.zh-CN.md` are made here, from table and routes.

`python -m luodi.orders.picture` writes both; a test compares them with what this module would write.
"""

from pathlib import Path

from luodi.orders import loop
from luodi.orders.loop import LABEL, LOOP, Step

FOLDER = Path(__file__).parents[2] / "docs"
FILES = {"en": "loop.md", "zh": "loop.zh-CN.md"}
WORDS = {
    "en": {
        "title": "The loop of a medication order",
        "made": "Made from `luodi/orders/loop.py` and `luodi/orders/data/routes.csv` by "
        "`python -m luodi.orders.picture`."
        " A test keeps it true.",
        "table": "Steps",
        "head": "| step | 中文 | of | after | who (permission) | proof | refused past validity |",
        "routes": "Routes",
        "routes_head": "| visit class | steps | ends with | valid for (days) | from | until | source |",
        "picture": "Every move that the table allows",
        "tasks": "Planned doses",
        "prescription": "prescription",
        "task": "dose",
        "yes": "yes",
        "any": "with the signature",
        "rules": (
            "A step is taken by one conditional update and one row: of two at once exactly one passes. A refusal names "
            "what is missing. A side exit (returned, unprepared, owed, stopped, expired) is a row like any other; "
            "nothing is taken back. `paid` is known to the table and in no shipped route. `owed` is a hand-over of a "
            "part at the window: the rest is prepared, checked and handed over later, in its own time "
            "(`pharmacy/data/debts.csv`), or the debt is closed."
        ),
    },
    "zh": {
        "title": "医嘱闭环",
        "made": "由 `python -m luodi.orders.picture` 生成，依据是 `luodi/orders/loop.py` "
        "和 `luodi/orders/data/routes.csv`；有测试保证一致。",
        "table": "环节",
        "head": "| 环节 | 名称 | 对象 | 可接在何环节之后 | 谁可做（权限） | 必须携带的记录 | 过有效期即拒绝 |",
        "routes": "路线",
        "routes_head": "| 就诊类别 | 环节顺序 | 终点 | 有效天数 | 生效 | 失效 | 依据 |",
        "picture": "环节表允许的全部走法",
        "tasks": "计划的每一次给药",
        "prescription": "处方",
        "task": "每次给药",
        "yes": "是",
        "any": "随签名产生",
        "rules": (
            "每一步都是一次有条件的更新加一行记录：两人同时操作，只有一人成功。拒绝时写明缺哪一步。"
            "退回、退回调配、部分发药、停止、过期也各是一行记录，不抹去任何一步。`paid`（收费）在环节表中，随产品提供的路线都不含它。"
            "`owed`（部分发药）是窗口先发一部分：余下的在自己的期限内（`pharmacy/data/debts.csv`）另行调配、核对、发出，或结清欠药。"
        ),
    },
}


def page(language: str) -> str:
    """The whole document in `en` or `zh`."""
    words = WORDS[language]
    parts = [
        f"# {words['title']}",
        words["made"],
        words["rules"],
        f"## {words['picture']}",
        _diagram("prescription", language),
        f"## {words['tasks']}",
        _diagram("task", language),
        f"## {words['table']}",
        "\n".join([words["head"], "|" + " --- |" * 7, *(_row(step, words) for step in Step)]),
        f"## {words['routes']}",
        "\n".join([words["routes_head"], "|" + " --- |" * 7, *(_route(route) for route in loop.routes())]),
    ]
    return "\n\n".join(parts) + "\n"


def _diagram(of: str, language: str) -> str:
    steps = [step for step in Step if LOOP[step].of == of]
    names = [f"  {step}: {_name(step, language)}" for step in steps]
    begins = [f"  [*] --> {step}" for step in steps if not LOOP[step].after]
    moves = [f"  {before} --> {step}" for step in steps for before in Step if before in LOOP[step].after]
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, *begins, *moves, "```"])


def _name(step: Step, language: str) -> str:
    return str(LABEL[step]) if language == "zh" else str(step)


def _row(step: Step, words: dict[str, str]) -> str:
    rule = LOOP[step]
    after = ", ".join(str(before) for before in Step if before in rule.after) or "—"
    proof = ", ".join(sorted(rule.proof)) or "—"
    who = "<br>".join(sorted(rule.by)) or words["any"]
    lapses = words["yes"] if rule.lapses else ""
    return f"| {step} | {LABEL[step]} | {words[rule.of]} | {after} | {who} | {proof} | {lapses} |"


def _route(route: loop.Route) -> str:
    steps, last = " → ".join(route.steps), ", ".join(route.last)
    until = route.effective_to.isoformat() if route.effective_to else "—"
    return (
        f"| {route.visit_class} | {steps} | {last} | {route.valid_days} | {route.effective_from.isoformat()} "
        f"| {until} | {route.source} |"
    )


def draw() -> list[Path]:
    """Write both documents and return their paths."""
    from django.utils import translation

    written = []
    with translation.override("zh-hans"):
        for language, name in FILES.items():
            path = FOLDER / name
            path.write_text(page(language), encoding="utf-8")
            written.append(path)
    return written


if __name__ == "__main__":
    from django.conf import settings

    settings.configure(USE_I18N=False)
    draw()
