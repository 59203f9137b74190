"""Addresses of lots, their bidders and deposits, and the rules of the auction."""

from django.urls import path

from xiaoer.assets.pages import auction_rules, deposits, lots, my_lots

urlpatterns = [
    path("lots/", lots.lot_list, name="lots"),
    path("lots/new/", lots.lot_new, name="lot_new"),
    path("lots/<int:lot_id>/", lots.lot, name="lot"),
    path("lots/<int:lot_id>/change/", lots.lot_change, name="lot_change"),
    path("lots/<int:lot_id>/do/<slug:verb>/", lots.lot_do, name="lot_do"),
    path("lots/<int:lot_id>/bidders/<slug:verb>/", lots.lot_bidder_do, name="lot_bidder_do"),
    path("lot-mandates/<int:bidder_id>/file/", lots.lot_mandate, name="lot_mandate"),
    path("lot-files/<int:lot_file_id>/file/", lots.lot_file, name="lot_file"),
    path("my-lots/", my_lots.my_lots, name="my_lots"),
    path("my-lots/new/", my_lots.my_lot_new, name="my_lot_new"),
    path("my-lots/<int:own_lot_id>/", my_lots.my_lot, name="my_lot"),
    path("my-lots/<int:own_lot_id>/change/", my_lots.my_lot_change, name="my_lot_change"),
    path("my-lots/<int:own_lot_id>/do/<slug:verb>/", my_lots.my_lot_do, name="my_lot_do"),
    path("deposits/", deposits.deposits, name="deposits"),
    path(
        "deposits/statements/<int:statement_id>/",
        deposits.deposit_statement,
        name="deposit_statement",
    ),
    path("deposits/do/<slug:verb>/", deposits.deposit_do, name="deposit_do"),
    path("auction-rules/account/", auction_rules.deposit_account, name="deposit_account"),
    path("auction-rules/", auction_rules.auction_rules, name="auction_rules"),
]
