from django.urls import path

from . import screens

app_name = "rollout"
urlpatterns = [
    path("gates/", screens.gates, name="gates"),
    path("gates/new/", screens.new, name="new"),
    path("gates/<int:pk>/version/", screens.version, name="version"),
    path("gates/<int:pk>/", screens.gate, name="gate"),
    path("gates/<int:pk>/weighing/", screens.weigh, name="weigh"),
    path("gates/weighings/<int:pk>/", screens.weighing, name="weighing"),
    path("gates/weighings/<int:pk>/signature/", screens.signature, name="signature"),
    path("gates/weighings/<int:pk>/replay/", screens.replay, name="replay"),
]
