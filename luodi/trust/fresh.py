"""The tables of an empty database, straight from the models, with every migration noted as done.

What migrations do besides tables is done here too: the triggers of the ledger.
"""

from typing import Any

from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from luodi.trust import guards


def lay(connection: Any) -> bool:
    """Lay everything in one transaction, or nothing where the database holds a table. Returns whether it was laid."""
    if connection.introspection.table_names():
        return False
    done = MigrationRecorder.Migration
    known = sorted(MigrationLoader(None).disk_migrations)
    with connection.schema_editor() as editor:
        for model in (done, *apps.get_models(include_auto_created=True)):
            editor.create_model(model)
        guards.install(connection)
        done.objects.using(connection.alias).bulk_create(done(app=app, name=name) for app, name in known)
    return True
