"""Django app of the room."""

from django.apps import AppConfig


class ControlledConfig(AppConfig):
    """Controlled drugs, floor 3b²."""

    name = "luodi.controlled"
    label = "controlled"
    verbose_name = "麻"

    def ready(self) -> None:
        """From now on the shelf tells this room of every movement."""
        from luodi.controlled import book
        from luodi.stock import keeping

        keeping.ask(book.moved)
