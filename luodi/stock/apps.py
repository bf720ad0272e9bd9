"""Django app of the room."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    """The store, floor 3a."""

    name = "luodi.stock"
    label = "stock"
    verbose_name = "库"
