"""Addresses of the auction as people see it: public, and a bidder's own."""

from django.urls import path

from xiaoer.assets.pages import auction_public, my_auctions

urlpatterns = [
    path("auction/", auction_public.auction_zones, name="auction_zones"),
    path("auction/<slug:zone_code>/", auction_public.auction_list, name="auction_list"),
    path(
        "auction/<slug:zone_code>/<int:shown_lot_id>/",
        auction_public.lot_public,
        name="lot_public",
    ),
    path(
        "auction/<slug:zone_code>/<int:shown_lot_id>/live/",
        auction_public.lot_live,
        name="lot_live",
    ),
    path(
        "auction/<slug:zone_code>/<int:shown_lot_id>/pictures/<int:lot_picture_id>/file/",
        auction_public.lot_picture,
        name="lot_picture",
    ),
    path(
        "auction/<slug:zone_code>/<int:shown_lot_id>/announcement/file/",
        auction_public.lot_announcement,
        name="lot_announcement",
    ),
    path("my-auctions/", my_auctions.my_auctions, name="my_auctions"),
    path("my-auctions/<int:open_lot_id>/", my_auctions.my_auction, name="my_auction"),
    path("my-auctions/<int:my_lot_id>/live/", my_auctions.my_auction_live, name="my_auction_live"),
    path("my-auctions/<int:my_lot_id>/seat/", my_auctions.my_auction_seat, name="my_auction_seat"),
    path(
        "my-auctions/<int:open_lot_id>/register/",
        my_auctions.my_auction_register,
        name="my_auction_register",
    ),
    path(
        "my-auctions/<int:open_lot_id>/mandate/file/",
        my_auctions.my_auction_mandate,
        name="my_auction_mandate",
    ),
    path(
        "my-auctions/<int:open_lot_id>/do/<slug:verb>/",
        my_auctions.my_auction_do,
        name="my_auction_do",
    ),
]
