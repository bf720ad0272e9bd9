from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    name = "luodi.paper"
    label = "paper"
    verbose_name = _("打印纸张")
