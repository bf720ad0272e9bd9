"""The document of the rules says what the shipped tables say."""

from luodi.advice.rules import TABLE
from luodi.orders import rulepage
from luodi.terms import files


def test_the_document_is_made_from_the_tables():
    assert rulepage.FILE.read_text(encoding="utf-8") == rulepage.page(), "run python -m luodi.orders.rulepage"


def test_every_rule_stands_in_it_with_its_source():
    text = rulepage.page()
    for row in files.rows(files.HERE, "rules"):
        assert f"| `{row['code']}` |" in text
        assert row["kind"] in TABLE
        assert row["source"] in text


def test_every_kind_of_rule_says_what_it_asks():
    assert not [kind for kind, judge in TABLE.items() if not (judge.__doc__ or "").strip()]
