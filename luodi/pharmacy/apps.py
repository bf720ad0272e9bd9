"""Django app of the room."""

from django.apps import AppConfig


class PharmacyConfig(AppConfig):
    """The pharmacy room, floor 3c."""

    name = "luodi.pharmacy"
    label = "pharmacy"
    verbose_name = "药"
