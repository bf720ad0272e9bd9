"""URLs of the web room itself (`web:…`); the root table is `urls.py`."""

from django.urls import path

from luodi.web import screens

app_name = "web"
urlpatterns = [
    path("", screens.today, name="today"),
    path("preferences/", screens.preferences, name="preferences"),
    path("keys/", screens.keys, name="keys"),
    path("about/", screens.about, name="about"),
    path("design/", screens.design, name="design"),
]
