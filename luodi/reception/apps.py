from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    name = "luodi.reception"
    label = "reception"
    verbose_name = _("门诊接待")
