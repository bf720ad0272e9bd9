"""What the shipped files mean as numbers, without a database."""

from decimal import Decimal

import pytest

from luodi.terms import files, reading, regimens
from luodi.terms.finder import Finder


@pytest.mark.parametrize(
    ("text", "value", "unit", "volume"),
    [
        ("20mg", "20", "mg", None),
        ("0.25g", "0.25", "g", None),
        ("2ml:10mg", "10", "mg", "2"),
        ("3ml:300IU", "300", "IU", "3"),
        ("2ml:12500IU", "12500", "IU", "2"),
        ("250ml", None, "", "250"),
        ("100ml:30g(I)", "30", "g", "100"),
        ("5g:0.1g", "0.1", "g", None),
        ("8丸/1.44g", "0.18", "g", None),
        ("5mg/325mg", None, "", None),
        ("50ug/喷", None, "", None),
        ("", None, "", None),
    ],
)
def test_strength(text, value, unit, volume):
    assert reading.strength(text) == (Decimal(value) if value else None, unit, Decimal(volume) if volume else None)


@pytest.mark.parametrize(
    ("note", "days"),
    [
        ("每周1次", 7),
        ("每2周1次", 14),
        ("每4周1次", 28),
        ("每年1次", 365),
        ("非肿瘤适应证每周1次", 7),
        ("个体化", None),
    ],
)
def test_interval(note, days):
    assert reading.interval_days(note) == days


def test_three_times_a_week():
    assert abs(reading.interval_days("每周3次") - Decimal(7) / 3) < Decimal("0.0001")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("avoid if eGFR<30", ("avoid", Decimal(30))),
        ("reduce dose if eGFR<50", ("reduce", Decimal(50))),
        ("caution", ("caution", None)),
        ("", ("", None)),
    ],
)
def test_renal(text, meaning):
    assert reading.renal(text) == meaning


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("aspirin (acetylsalicylic acid)", ("aspirin",)),
        ("oxycodone and paracetamol", ("oxycodone", "paracetamol")),
        ("piperacillin and beta-lactamase inhibitor", ("piperacillin",)),
        ("eucalyptol, limonene and pinene", ("eucalyptol", "limonene", "pinene")),
    ],
)
def test_substances(name, parts):
    assert reading.substances(name) == parts


def test_finder_prefers_the_beginning_and_reads_full_width():
    finder = Finder([(("MLX", "莫洛西"), "inside"), (("XMX", "西莫"), "begins")])
    assert finder.find("西", 5) == ["begins", "inside"]
    assert finder.find("ＸＭ", 5) == ["begins"]
    assert finder.find("  xm ", 5) == ["begins"]
    assert finder.find("", 5) == []
    assert finder.find("\x1f", 5) == []
    assert finder.find("x" * 1_000_000, 5) == []


def test_every_shipped_row_names_its_source_and_status():
    for _table, _names, reader in files.TABLES:
        rows = list(reader(files.HERE, "compiled"))
        assert rows
        assert all(row.source and row.status == "compiled" and row.effective_from for row in rows)
    assert all(row.source and row.title for row in files.rules(files.HERE, "compiled"))


def test_every_shipped_word_fits_its_column():
    """SQLite keeps what is too long, PostgreSQL does not."""
    for table, _names, reader in files.TABLES:
        limits = {f.name: f.max_length for f in table._meta.concrete_fields if getattr(f, "max_length", None)}
        for row in reader(files.HERE, "compiled"):
            long = [name for name, most in limits.items() if len(str(getattr(row, name))) > most]
            assert not long, (table.__name__, row, long)


def test_an_age_is_read_in_days():
    assert [regimens.age_days(text) for text in ("", "15d", "2m", "1y")] == [
        None, Decimal(15), Decimal("60.875"), Decimal("365.25"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no age"):
        regimens.age_days("old")


def test_every_shipped_rule_of_bags_speaks_of_solvents_that_are_there():
    held = {row.kind for row in regimens.carriers(files.HERE, "compiled")}
    named = {
        kind
        for row in regimens.infusions(files.HERE, "compiled")
        for kind in (row.solvents + ";" + row.never).split(";")
    }
    assert named - {""} <= held


def test_every_form_and_route_of_a_medicine_is_known():
    routes = {row["code"]: row["group"] for row in files.rows(files.HERE, "routes")}
    for row in files.medicines(files.HERE, "compiled"):
        assert routes[row.route] in row.route_groups.split(";"), row.code


def test_source_file_names_every_shipped_file():
    text = (files.HERE / "SOURCE.md").read_text(encoding="utf-8")
    for path in files.HERE.glob("*.csv"):
        assert f"`{path.name}`" in text, path.name
    for name in ("LICENSE-ICD-10-CN.txt", "LICENSE-CHS-DRG.txt"):
        assert "MIT License" in (files.HERE / name).read_text(encoding="utf-8")
