from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VigilanceConfig(AppConfig):
    name = "luodi.vigilance"
    label = "vigilance"
    verbose_name = _("用药安全")
