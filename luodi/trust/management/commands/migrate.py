"""`migrate`: an empty database is laid as the models are now; every other one goes through the migrations.

Django works out the whole state of the house anew at each of some six hundred operations, which is most of a minute
before a first start. `tests/cli/test_fresh.py` holds both ways to the same tables.
"""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from luodi.trust import fresh


class Command(Migrate):
    """Django's command; with a fresh beginning where nothing is there and nothing but everything was asked for."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's."""
        asked = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune")
        if not any(options.get(name) for name in asked):
            fresh.lay(connections[options["database"]])
        super().handle(*args, **options)
