"""The addresses of patients, apart from those of staff."""

from django.urls import path, re_path

from .screens import booking, care, entering, home, mine

app_name = "my"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", entering.login, name="login"),
    path("login/code/", entering.code, name="code"),
    path("logout/", entering.logout, name="logout"),
    path("people/", mine.people, name="people"),
    path("people/<int:patient>/ending/", mine.drop, name="drop"),
    path("consents/", mine.consents, name="consents"),
    path("account/", mine.account, name="account"),
    path("<int:patient>/queue/", home.queue, name="queue"),
    path("<int:patient>/book/", booking.choose, name="choose"),
    path("<int:patient>/book/<int:session>/", booking.book, name="book"),
    path("appointments/<int:appointment>/", booking.appointment, name="appointment"),
    re_path(r"^appointments/(?P<appointment>\d{1,18})/(?P<step>confirm|cancel|arrive)/$", booking.step, name="step"),
    path("waits/<int:wait>/ending/", booking.leave, name="leave"),
    path("<int:patient>/visits/", care.visits, name="visits"),
    path("visits/<int:encounter>/", care.visit, name="visit"),
    path("visits/<int:encounter>/survey/", care.survey, name="survey"),
    path("<int:patient>/correction/", mine.correct, name="correct"),
    path("<int:patient>/download/", mine.download, name="download"),
]
