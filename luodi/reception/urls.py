from django.urls import path

from .screens import appointments, board, desk, queue, roster, slots, triage

app_name = "reception"
urlpatterns = [
    path("", desk.register, name="register"),
    path("new/", desk.new, name="new"),
    path("unknown/", desk.unknown, name="unknown"),
    path("book/<int:patient>/", desk.book, name="book"),
    path("registrations/<int:registration>/", desk.registration, name="registration"),
    path("registrations/<int:registration>/cancellation/", desk.cancellation, name="cancellation"),
    path("registrations/<int:registration>/slip/", desk.slip, name="slip"),
    path("appointments/", appointments.appointments, name="appointments"),
    path("appointments/<int:appointment>/", appointments.appointment, name="appointment"),
    path("appointments/<int:appointment>/arrival/", appointments.arrival, name="arrival"),
    path("appointments/<int:appointment>/ending/", appointments.ending, name="ending"),
    path("appointments/<int:appointment>/confirmation/", appointments.confirmation, name="confirmation"),
    path("waits/<int:patient>/<int:wait>/leaving/", appointments.leaving, name="leaving"),
    path("bans/<int:patient>/lifting/", appointments.lifting, name="lifting"),
    path("add-on/<int:patient>/", appointments.add_on, name="add_on"),
    path("sessions/templates/", roster.templates, name="templates"),
    path("sessions/templates/<int:template>/ending/", roster.ending, name="end_template"),
    path("sessions/", slots.sessions, name="sessions"),
    path("sessions/<int:session>/", slots.session, name="session"),
    path("sessions/<int:session>/capacity/", slots.capacity, name="capacity"),
    path("sessions/<int:session>/stop/", slots.stop, name="stop"),
    path("queue/", queue.queue, name="queue"),
    path("queue/desk/", queue.desk_queue, name="desk_queue"),
    path("queue/units/<int:unit>/", queue.unit_queue, name="unit_queue"),
    path("tickets/<int:ticket>/start/", queue.start, name="start"),
    path("tickets/<int:ticket>/<slug:step>/", queue.step, name="step"),
    path("board/<slug:code>/", board.board, name="board"),
    path("triage/", triage.triage, name="triage"),
    path("triage/suggestion/", triage.suggestion, name="suggestion"),
    path("triage/complaints/", triage.complaints, name="complaints"),
    path("triage/<int:encounter>/", triage.assessment, name="assessment"),
]
