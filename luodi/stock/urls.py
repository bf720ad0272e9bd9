"""Addresses of the store: medicines by code, lots by number."""

from django.urls import path

from luodi.stock.screens import buying, holding, lots, stocktakes, transfers

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
    path("orders/", buying.orders, name="orders"),
    path("orders/suggestions/", buying.suggestions, name="suggestions"),
    path("orders/suppliers/", buying.supplier, name="supplier"),
    path("orders/<int:pk>/", buying.order, name="order"),
    path("orders/<int:pk>/turn/", buying.order_turn, name="order_turn"),
    path("orders/<int:pk>/inspection/", buying.inspection, name="inspection"),
    path("rejected/<int:pk>/", buying.send_back, name="send_back"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/new/", transfers.asking, name="asking"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/turn/", transfers.transfer_turn, name="transfer_turn"),
    path("stocktakes/", stocktakes.stocktakes, name="stocktakes"),
    path("stocktakes/<int:pk>/", stocktakes.stocktake, name="stocktake"),
    path("places/", holding.places, name="places"),
    path("expiry/", holding.expiry, name="expiry"),
    path("months/", holding.months, name="months"),
    path("cabinets/", holding.cabinets, name="cabinets"),
]
