from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    name = "luodi.committee"
    label = "committee"
