from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "luodi.insight"
    label = "insight"
    verbose_name = _("指标")

    def ready(self) -> None:
        from . import measures  # noqa: F401  (importing a measure registers it)
