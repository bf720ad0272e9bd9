from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0007_insurance"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="blindindex",
            index=models.Index(fields=["index", "value", "patient"], name="blind_newest"),
        ),
        migrations.RemoveIndex(
            model_name="blindindex",
            name="blind_lookup",
        ),
    ]
