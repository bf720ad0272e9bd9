"""Whoever lies in a bed already has a stay, so that the encounter waits for the bed as it does for everybody later."""

from django.db import migrations


def begin(apps, schema_editor):
    placement, stay = apps.get_model("ward", "Placement"), apps.get_model("chart", "Stay")
    rows = placement.objects.filter(open=True, encounter__closing=None).select_related("bed")
    stay.objects.bulk_create(
        stay(encounter_id=row.encounter_id, unit_id=row.bed.unit_id, bed=row.bed.code, since=row.at, entry_id=row.entry_id)
        for row in rows
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("ward", "0001_initial"), ("chart", "0002_stay")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
