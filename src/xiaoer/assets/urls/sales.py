"""Addresses of lots in the hall and after it: the host, the sale, refunds, the published ledger."""

from django.urls import path

from xiaoer.assets.pages import lot_hall, lot_ledger, lot_sale, refunds

urlpatterns = [
    path("lots/<int:hall_lot_id>/hall/", lot_hall.lot_hall, name="lot_hall"),
    path("lots/<int:hall_lot_id>/hall/<slug:verb>/", lot_hall.lot_hall_do, name="lot_hall_do"),
    path("lots/<int:ended_lot_id>/sale/", lot_sale.lot_sale, name="lot_sale"),
    path("lots/<int:ended_lot_id>/sale/<slug:verb>/", lot_sale.lot_sale_do, name="lot_sale_do"),
    path(
        "lots/<int:ended_lot_id>/settlement/export/<slug:kind>/",
        lot_sale.lot_settlement,
        name="lot_settlement",
    ),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/<int:refund_id>/record/", refunds.refund_do, name="refund_do"),
    path("my-chances/<int:chance_id>/", lot_sale.my_chance, name="my_chance"),
    path("auction/lots/<int:sold_lot_id>/ledger.txt", lot_ledger.lot_ledger, name="lot_ledger"),
    path("auction/verify_auction.py", lot_ledger.auction_verifier, name="auction_verifier"),
    path(
        "auction/<slug:zone_code>/<int:shown_lot_id>/check/",
        lot_ledger.lot_check,
        name="lot_check",
    ),
]
