from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdviceConfig(AppConfig):
    name = "luodi.advice"
    label = "advice"
    verbose_name = _("决策支持")
