"""Addresses of move-ins, what a joint review asks, and cage-change."""

from django.urls import URLPattern, path

from xiaoer.assets.pages import cages, move_ins

urlpatterns: list[URLPattern] = [
    path("move-ins/", move_ins.move_in_list, name="move_in_list"),
    path("move-ins/new/", move_ins.move_in_new, name="move_in_new"),
    path("move-ins/items/", move_ins.move_in_items, name="move_in_items"),
    path("move-ins/items/<int:move_in_item_id>/", move_ins.move_in_item, name="move_in_item"),
    path("move-ins/papers/<int:move_in_paper_id>/", move_ins.move_in_paper, name="move_in_paper"),
    path("move-ins/<int:move_in_id>/", move_ins.move_in, name="move_in"),
    path("move-ins/<int:move_in_id>/change/", move_ins.move_in_change, name="move_in_change"),
    path("move-ins/<int:move_in_id>/start/", move_ins.move_in_start, name="move_in_start"),
    path("move-ins/<int:move_in_id>/act/", move_ins.move_in_act, name="move_in_act"),
    path("my/move-ins/", move_ins.my_move_ins, name="my_move_ins"),
    path("my/move-ins/<int:my_move_in_id>/", move_ins.my_move_in, name="my_move_in"),
    path("cages/", cages.cage_list, name="cage_list"),
    path("cages/new/", cages.cage_new, name="cage_new"),
    path("cages/find/", cages.cage_find, name="cage_find"),
    path("cages/<int:cage_site_id>/", cages.cage_site, name="cage_site"),
    path("cages/<int:cage_site_id>/act/", cages.cage_act, name="cage_act"),
]
