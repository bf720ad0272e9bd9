from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WardConfig(AppConfig):
    name = "luodi.ward"
    label = "ward"
    verbose_name = _("病区")
