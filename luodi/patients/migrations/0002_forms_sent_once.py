from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="idempotency",
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
    ]
