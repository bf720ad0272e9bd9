from django.urls import path

from . import screens

app_name = "patients"
urlpatterns = [
    path("", screens.search, name="search"),
    path("new/", screens.register, name="register"),
    path("readings/", screens.readings, name="readings"),
    path("<int:patient>/", screens.identity, name="identity"),
    path("<int:patient>/correction/", screens.correct, name="correct"),
    path("<int:patient>/disclosure/", screens.reveal, name="reveal"),
    path("<int:patient>/wristband/<int:encounter>/", screens.wristband, name="wristband"),
]
