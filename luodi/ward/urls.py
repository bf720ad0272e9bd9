from django.urls import path

from .screens import beds, orders, returns, rounds, signs

app_name = "ward"
urlpatterns = [
    path("board/", beds.board, name="board"),
    path("beds/<int:pk>/placement/", beds.bed, name="bed"),
    path("placements/<int:pk>/release/", beds.release, name="release"),
    path("placements/<int:pk>/wristband/", beds.wristband, name="wristband"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/verification/", orders.verification, name="verification"),
    path("orders/<int:pk>/return/", orders.sending_back, name="sending_back"),
    path("orders/<int:pk>/receipt/", orders.receipt, name="receipt"),
    path("returns/", returns.returns, name="returns"),
    path("returns/scan/", returns.find, name="return_scan"),
    path("returns/packages/<int:pk>/", returns.give_back, name="give_back"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/scan/", rounds.scan, name="scan"),
    path("rounds/patients/<int:patient>/", rounds.patient, name="patient"),
    path("tasks/<int:pk>/", rounds.task, name="task"),
    path("tasks/<int:pk>/bedside/", rounds.at_bed, name="at_bed"),
    path("tasks/<int:pk>/administration/", rounds.giving, name="giving"),
    path("tasks/<int:pk>/omission/", rounds.leaving, name="leaving"),
    path("prescriptions/<int:prescription>/lines/<int:seq>/dose/", rounds.as_needed, name="as_needed"),
    path("patients/<int:patient>/signs/", signs.signs, name="signs"),
]
