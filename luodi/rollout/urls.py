from django.urls import path

from . import screens

app_name = "rollout"
urlpatterns = [
    path("gates/", screens.gates, name="gates"),
    path("gates/<int:pk>/", screens.gate, name="gate"),
    path("gates/<int:pk>/weighing/", screens.weigh, name="weigh"),
    path("weighings/<int:pk>/", screens.weighing, name="weighing"),
    path("weighings/<int:pk>/signature/", screens.signature, name="signature"),
    path("weighings/<int:pk>/replay/", screens.replay, name="replay"),
]
