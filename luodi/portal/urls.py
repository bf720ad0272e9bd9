from django.urls import path

from .screens import desk, kiosk

app_name = "portal"
urlpatterns = [
    path("patients/<int:patient>/", desk.holders, name="holders"),
    path("patients/<int:patient>/accounts/<int:account>/ending/", desk.expulsion, name="expulsion"),
    path("kiosk/", kiosk.start, name="kiosk"),
    path("kiosk/<str:token>/", kiosk.person, name="kiosk_person"),
    path("kiosk/<str:token>/book/<int:session>/", kiosk.book, name="kiosk_book"),
    path("kiosk/<str:token>/arrivals/<int:appointment>/", kiosk.arrive, name="kiosk_arrive"),
    path("corrections/", desk.corrections, name="corrections"),
    path("corrections/<int:correction>/answer/", desk.answer, name="answer"),
]
