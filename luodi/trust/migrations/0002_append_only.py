"""The ledger's tables refuse UPDATE and DELETE in the database itself."""

from typing import Any

from django.db import migrations

from luodi.trust import guards


def install(apps: Any, schema_editor: Any) -> None:
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
