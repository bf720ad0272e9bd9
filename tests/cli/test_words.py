"""The command's words, its catalogue of texts, and the count that closes a test run."""

import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog

from luodi.cli import bench, messages, testing
from tests.cli.conftest import ROOT, Command


def test_help_loads_nothing_heavy() -> None:
    probe = """
import sys
from luodi.cli import main
sys.argv = ["luodi", "--help"]
try:
    main()
except SystemExit:
    pass
assert not {"django", "granian", "cryptography", "psycopg"} & sys.modules.keys(), sorted(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    words = ("serve", "worker", "demo", "check", "ledger", "seed", "simulate", "bench", "backup", "restore", "doctor")
    assert all(word in done.stdout for word in words)


def test_an_unknown_benchmark_names_those_there_are(luodi: Command) -> None:
    refused = luodi("bench", "nothing")
    assert refused.returncode == 2
    assert all(name in refused.stderr for name in bench.names())


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("3 passed in 1.2s", {"passed": 3}),
        ("1 failed, 2 passed, 4 skipped in 9s", {"failed": 1, "passed": 2, "skipped": 4}),
        ("2 passed, 1 error in 3s", {"passed": 2, "failed": 1}),
        ("5 passed, 2 errors in 3s\n", {"passed": 5, "failed": 2}),
        ("Segmentation fault", {}),
    ],
)
def test_a_part_is_counted_by_its_closing_line(closing: str, expected: dict[str, int]) -> None:
    assert dict(testing.count(f"tests/x.py ...\n{closing}")) == expected


def test_texts_are_found_in_code() -> None:
    source = """
x = _("你" "好")
y = ngettext("%(n)s 条", "%(n)s 条们", n) % {"n": n}
z = pgettext("按钮", "关")
w = other("不")
"""
    found = {(m.id, m.context) for m in messages.in_python(source, "x.py")}
    assert found == {("你好", None), (("%(n)s 条", "%(n)s 条们"), None), ("关", "按钮")}


def test_texts_are_found_in_templates() -> None:
    source = (
        '{% load i18n %}{% translate "今日" %} {% translate "关" context "按钮" %}'
        '{% blocktranslate trimmed with n=1 %}\n  共 {{ n }} 条\n{% endblocktranslate %} {{ _("词") }}'
        "{% blocktranslate count n=3 %}一条{% plural %}多条{% endblocktranslate %}"
    )
    found = {(m.id, m.context) for m in messages.in_template(source, "x.html")}
    assert found == {
        ("今日", None),
        ("关", "按钮"),
        ("共 %(n)s 条", None),
        ("词", None),
        (("一条", "多条"), None),
    }


def test_english_must_keep_the_placeholders() -> None:
    catalog = Catalog(locale="en")
    catalog.add("共 %(n)s 条", "%(n)s in all")
    catalog.add("到 {time}", "until then")
    catalog.add("没有", "")
    assert messages.unlike(catalog) == ["到 {time}"]
    assert messages.missing(catalog) == ["没有"]


def test_the_catalogue_is_the_same_bytes_again() -> None:
    first, second = messages.build(), messages.build()
    assert messages.po_bytes(first) == messages.po_bytes(second)
    assert messages.mo_bytes(first) == messages.mo_bytes(second)


def test_every_text_has_english() -> None:
    assert messages.faults() == []
