"""Addresses of the store: medicines by code, lots by number."""

from django.urls import path

from luodi.stock.screens import lots

app_name = "stock"
urlpatterns = [
    path("", lots.overview, name="overview"),
    path("receiving/", lots.receiving, name="receiving"),
    path("receipt/", lots.receipt, name="receipt"),
    path("medicines/<str:code>/", lots.medicine, name="medicine"),
    path("medicines/<str:code>/minimum/", lots.minimum, name="minimum"),
    path("lots/<int:pk>/", lots.lot, name="lot"),
    path("lots/<int:pk>/count/", lots.counting, name="counting"),
    path("lots/<int:pk>/state/", lots.turning, name="turning"),
]
