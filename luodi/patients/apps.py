from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "luodi.patients"
    label = "patients"
    verbose_name = _("患者身份")
