from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "luodi.patients"
    label = "patients"
    verbose_name = _("患者身份")

    def ready(self) -> None:
        from luodi.patients.finding import indexed_under
        from luodi.trust.vault import versions

        versions.counts("blind", indexed_under)
