"""The short way of a new row writes what Django's way writes."""

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import Value

from luodi.trust import ledger
from luodi.trust.act import about, act
from luodi.trust.actor import Ref
from luodi.trust.clock import now
from luodi.trust.inserted import Inserted
from luodi.trust.models import CareRelation, Entry, Pending

pytestmark = [pytest.mark.django_db, pytest.mark.law]


@act("test.relate", may=None)
def relate(by, patient, **columns):
    about("patient", patient, care=False)
    return CareRelation.objects.create(patient=patient, kind="test", since=now(), **columns)


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_read_back_as_it_was_made(people):
    for _again in range(2):
        made = relate(people.doctor, 7, unit=people.unit, until=now())
        assert made.pk
        assert columns(CareRelation.objects.get(pk=made.pk)) == columns(made)


def test_it_writes_what_django_writes(people, monkeypatch):
    short = relate(people.doctor, 7, post="doctor")
    monkeypatch.setattr(CareRelation, "_do_insert", models.Model._do_insert)
    long = relate(people.doctor, 7, post="doctor")
    differs = {name for name, value in columns(short).items() if columns(long)[name] != value}
    assert differs <= {"id", "entry_id", "since"}


def test_a_default_of_the_database_is_the_databases(people):
    entry = ledger.record("test", by=people.doctor, about=Ref("x", 1), facts={})
    held = Pending.objects.get(entry=entry)
    assert held.xid == 0 if transaction.get_connection().vendor == "sqlite" else held.xid > 0


def test_an_expression_takes_the_long_way(people):
    made = relate(people.doctor, 7, post=Value("doctor"))
    assert CareRelation.objects.get(pk=made.pk).post == "doctor"


def test_a_key_that_is_taken_is_refused(people):
    entry = ledger.record("test", by=people.doctor, about=Ref("x", 1), facts={})
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry(**columns(entry)).save(force_insert=True)


def test_every_row_with_evidence_takes_it(people):
    from luodi.trust.evidenced import Evidenced

    assert issubclass(Evidenced, Inserted)
    assert issubclass(Entry, Inserted)
