from django.urls import path

from .screens import desk

app_name = "portal"
urlpatterns = [
    path("patients/<int:patient>/", desk.holders, name="holders"),
    path("patients/<int:patient>/accounts/<int:account>/ending/", desk.expulsion, name="expulsion"),
    path("corrections/", desk.corrections, name="corrections"),
    path("corrections/<int:correction>/answer/", desk.answer, name="answer"),
]
