"""What was picked points at the lots of the store, whose tables have their new names already."""

import django.db.models.deletion
from django.db import migrations, models

MOVED = ("Count", "LotChange", "Minimum", "Movement", "ProductCode", "Lot")


class Migration(migrations.Migration):
    dependencies = [("pharmacy", "0003_stock_moves_out"), ("stock", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="picked",
                    name="lot",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="picked", to="stock.lot"
                    ),
                ),
                *(migrations.DeleteModel(name) for name in MOVED),
            ]
        ),
    ]
