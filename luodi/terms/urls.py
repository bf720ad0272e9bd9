from django.urls import path

from luodi.terms import screens

app_name = "terms"
urlpatterns = [
    path("medicines/", screens.medicines, name="medicines"),
    path("medicines/<str:code>/", screens.medicine, name="medicine"),
    path("rules/", screens.rules, name="rules"),
    path("load/", screens.load, name="load"),
]
