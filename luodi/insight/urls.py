from django.urls import path

from . import screens

app_name = "insight"
urlpatterns = [
    path("measures/", screens.measures, name="measures"),
    path("measures/<slug:code>/", screens.measure, name="measure"),
]
