from django.urls import path

from .screens import identities, merging, watching

app_name = "patients"
urlpatterns = [
    path("", identities.search, name="search"),
    path("new/", identities.register, name="register"),
    path("readings/", identities.readings, name="readings"),
    path("pairs/", merging.pairs, name="pairs"),
    path("merges/", merging.merges, name="merges"),
    path("merges/<int:merge>/", merging.merge, name="merge"),
    path("watches/", watching.watches, name="watches"),
    path("watches/<int:watch>/ending/", watching.ending, name="end_watch"),
    path("<int:patient>/", identities.identity, name="identity"),
    path("<int:patient>/correction/", identities.correct, name="correct"),
    path("<int:patient>/disclosure/", identities.reveal, name="reveal"),
    path("<int:patient>/same/", merging.same, name="same"),
    path("<int:patient>/same/<int:other>/", merging.compare, name="compare"),
    path("<int:patient>/apart/<int:other>/", merging.apart, name="apart"),
    path("<int:patient>/scrutiny/", watching.watch, name="watch"),
    path("<int:patient>/wristband/<int:encounter>/", identities.wristband, name="wristband"),
]
