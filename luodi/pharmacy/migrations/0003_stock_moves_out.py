"""The tables of the store become those of a room of its own: they are renamed, not copied."""

from django.db import migrations, models
from django.db.models import Q

MOVED = ("Lot", "LotChange", "Movement", "Count", "Minimum", "ProductCode")
NAMED = migrations.AddConstraint(
    model_name="movement",
    constraint=models.CheckConstraint(
        condition=Q(kind__in=["dispense", "return"], dispense__isnull=False)
        | ~Q(kind__in=["dispense", "return"]) & Q(dispense__isnull=True),
        name="movement_names_its_dispense",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("pharmacy", "0002_forms_sent_once")]

    operations = [
        migrations.RemoveConstraint(model_name="movement", name="movement_names_its_dispense"),
        # The preparation is of a room above: the store keeps its number.
        migrations.AlterField(
            model_name="movement",
            name="dispense",
            field=models.PositiveBigIntegerField(null=True, db_column="dispense_id", db_index=True),
        ),
        NAMED,
        migrations.RenameIndex(model_name="lot", old_name="pharmacy_lo_unit_id_26234f_idx", new_name="lot_shelf"),
        migrations.RenameIndex(
            model_name="minimum", old_name="pharmacy_mi_unit_id_5f7528_idx", new_name="minimum_of_unit"
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable(name, f"stock_{name.lower()}") for name in MOVED]
        ),
    ]
