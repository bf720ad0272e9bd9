from django.urls import path

from luodi.committee.screens import agenda, changes, overrides, replays, versions

app_name = "committee"
urlpatterns = [
    path("", versions.versions, name="versions"),
    path("new/", versions.propose, name="propose"),
    path("versions/<int:pk>/", versions.version, name="version"),
    path("versions/<int:pk>/decision/", versions.decision, name="decision"),
    path("versions/<int:pk>/launch/", versions.launch, name="launch"),
    path("launches/<int:pk>/withdrawal/", versions.withdrawal, name="withdrawal"),
    path("versions/<int:pk>/changes/", changes.changes, name="changes"),
    path("versions/<int:pk>/tables/<slug:table>/", changes.table, name="table"),
    path("versions/<int:pk>/tables/<slug:table>/review/", changes.review, name="review"),
    path("versions/<int:pk>/replay/", replays.ask, name="ask"),
    path("replays/<int:pk>/", replays.replay, name="replay"),
    path("overrides/", overrides.overrides, name="overrides"),
    path("overrides/<slug:rule>/", overrides.threshold, name="threshold"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/survey/", agenda.survey, name="survey"),
    path("agenda/<int:pk>/", agenda.item, name="item"),
]
