"""Addresses of the commentary: numbers of rows, nothing of a patient."""

from django.urls import path

from luodi.commentary.screens import answering, drawing, judging, reporting

app_name = "commentary"
urlpatterns = [
    path("samples/", drawing.samples, name="samples"),
    path("samples/<int:pk>/", drawing.sample, name="sample"),
    path("samples/<int:pk>/assignment/", drawing.assignment, name="assignment"),
    path("mine/", judging.mine, name="mine"),
    path("mine/<int:pk>/", judging.case, name="case"),
    path("about-me/", answering.about_me, name="about_me"),
    path("about-me/<int:pk>/", answering.comment, name="comment"),
    path("rulings/", answering.rulings, name="rulings"),
    path("rulings/<int:pk>/", answering.ruling, name="ruling"),
    path("reports/", reporting.reports, name="reports"),
    path("reports/<int:pk>/", reporting.report, name="report"),
    path("reports/<int:pk>/file/", reporting.file, name="file"),
    path("proposals/", reporting.proposals, name="proposals"),
    path("proposals/<int:pk>/", reporting.proposal, name="proposal"),
    path("doctors/", reporting.doctors, name="doctors"),
]
