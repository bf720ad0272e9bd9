from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "luodi.portal"
    label = "portal"
    verbose_name = _("患者手机门户")
