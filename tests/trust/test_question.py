"""A question answers what its queryset answers, whatever is filled in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from luodi.trust.clock import now, today
from luodi.trust.models import Grant, Policy, Staff, Unit
from luodi.trust.question import DAY, MOMENT, NUMBER, NUMBERS, TEXT, Change, Question, column

pytestmark = [pytest.mark.django_db, pytest.mark.law]


@pytest.fixture
def units():
    return [Unit.objects.create(code=f"Q{n}", name_zh=f"第{n}单元", name_en=f"Unit {n}", kind="ward") for n in range(5)]


def test_it_gives_the_rows_of_its_queryset(units):
    of_kind = Question(lambda kind: Unit.objects.filter(kind=kind, code__startswith="Q").order_by("-code"), TEXT)
    assert of_kind.all("ward") == units[::-1]
    assert of_kind.first("ward") == units[-1]
    assert of_kind.first("no such kind") is None
    assert of_kind.all("ward")[0].name_zh == "第4单元"


def test_it_is_written_once(units, django_assert_num_queries):
    built = []
    asked = Question(lambda pk: built.append(1) or Unit.objects.filter(pk=pk), NUMBER)
    with django_assert_num_queries(3):
        assert [asked.first(unit.pk) for unit in units[:3]] == units[:3]
    assert len(built) == 1


@pytest.mark.parametrize("wanted", [0, 1, 2, 3, 5])
def test_a_list_of_any_length_is_filled_in(units, wanted):
    among = Question(lambda pks: Unit.objects.filter(pk__in=pks).values_list("code", flat=True), NUMBERS)
    chosen = units[:wanted]
    assert sorted(among.all([unit.pk for unit in chosen])) == [unit.code for unit in chosen]


def test_a_long_list_is_written_few_times(units):
    built = []
    among = Question(lambda pks: built.append(pks.wide) or Unit.objects.filter(pk__in=pks), NUMBERS)
    for size in range(1, 200):
        among.all(list(range(size)))
    assert built == [1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_related_rows_come_with_it(people, django_assert_num_queries):
    granted = Question(
        lambda post: (
            Grant.objects.filter(post__code=post)
            .select_related("post", "permission")
            .annotate(seen=F("permission__code"))
            .order_by("pk")
        ),
        TEXT,
    )
    rows = list(Grant.objects.filter(post__code="doctor").select_related("post", "permission").order_by("pk"))
    with django_assert_num_queries(1):
        found = granted.all("doctor")
        assert [(row.post, row.permission, row.seen) for row in found] == [
            (row.post, row.permission, row.permission.code) for row in rows
        ]
    assert found == rows != []


def test_a_missing_related_row_is_none(units):
    asked = Question(lambda pk: Grant.objects.filter(pk=pk).select_related("post"), NUMBER)
    assert asked.first(0) is None


def test_days_moments_and_nothing_are_filled_in_as_django_does(units):
    Policy.objects.create(key="q", value="1", effective_from=today(), source="test")
    since = Question(lambda day, key: Policy.objects.filter(effective_from__lte=day, key=key), DAY, TEXT)
    assert since.first(today(), "q").value == "1"
    assert since.first(today() - timedelta(days=1), "q") is None
    person = Staff.objects.create(login="q_late", name_zh="人", password_at=now(), left_at=now())
    left = Question(lambda moment: Staff.objects.filter(left_at__lte=moment).values_list("pk", "left_at"), MOMENT)
    assert left.all(now()) == [(person.pk, person.left_at)]
    assert left.all(now() - timedelta(hours=1)) == []
    unit = Question(lambda pk: Unit.objects.filter(pk=pk), NUMBER)
    assert unit.first(None) is None


def test_hostile_text_stays_a_value(units):
    asked = Question(lambda code: Unit.objects.filter(code=code), TEXT)
    assert asked.first("Q1' OR '1'='1") is None
    assert asked.first("Q1; DROP TABLE trust_unit; --%s") is None
    assert asked.first("Q1") == units[1]


def test_what_it_cannot_answer_with_is_said():
    with pytest.raises(TypeError, match="values_list"):
        Question(lambda: Unit.objects.values("pk")).all()


def test_it_is_written_for_the_database_that_is_asked(units):
    asked = Question(lambda pk: Unit.objects.filter(pk=pk), NUMBER)
    asked.first(units[0].pk)
    assert [vendor for vendor, _wide in asked._written] == [connection.vendor]


def test_a_list_of_related_rows_is_filled_in(people):
    granted = Question(lambda posts: Grant.objects.filter(post__in=posts).values_list("pk", flat=True), NUMBERS)
    posts = sorted(set(Grant.objects.values_list("post", flat=True)))[:3]
    assert sorted(granted.all(posts)) == sorted(Grant.objects.filter(post__in=posts).values_list("pk", flat=True))


def test_a_change_is_made_once_written_and_counts_its_rows(units, django_assert_num_queries):
    rename = Change(
        lambda pk, old, new: (Unit.objects.filter(pk=pk, name_zh=old), {"name_zh": new, "kind": F("code")}),
        NUMBER, TEXT, TEXT,
    )  # fmt: skip
    with django_assert_num_queries(3):
        assert rename.make(units[0].pk, "第0单元", "甲") == 1
        assert rename.make(units[0].pk, "第0单元", "乙") == 0
        assert rename.make(units[1].pk, "第1单元", "丙") == 1
    changed = Unit.objects.get(pk=units[0].pk)
    assert (changed.name_zh, changed.kind) == ("甲", "Q0")
    assert Unit.objects.get(pk=units[2].pk).name_zh == "第2单元"


def test_columns_are_written_as_their_fields_write_them(units):
    fields = [column(Policy, name) for name in ("value", "effective_from")]
    change = Change(
        lambda key, value, day: (Policy.objects.filter(key=key), {"value": value, "effective_from": day}), TEXT, *fields
    )
    Policy.objects.create(key="q", value="1", effective_from=today(), source="test")
    assert change.make("q", 2, today() - timedelta(days=3)) == 1
    row = Policy.objects.get(key="q")
    assert (row.value, row.effective_from) == ("2", today() - timedelta(days=3))
