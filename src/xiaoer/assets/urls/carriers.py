"""Addresses of carriers: units, buildings, parcels, leases."""

from django.urls import URLPattern, path

from xiaoer.assets.pages import carrier_import, carrier_map, carriers, leases, my_leases

urlpatterns: list[URLPattern] = [
    path("carriers/", carriers.carriers, name="carriers"),
    path("carriers/buildings/", carriers.building_list, name="building_list"),
    path("carriers/buildings/new/", carriers.building_new, name="building_new"),
    path("carriers/buildings/<int:building_id>/", carriers.building, name="building"),
    path("carriers/buildings/<int:building_id>/change/", carriers.building_change, name="building_change"),
    path("carriers/buildings/<int:building_id>/merge/", carriers.building_merge, name="building_merge"),
    path("carriers/buildings/<int:building_id>/units/new/", carriers.unit_new, name="unit_new"),
    path("carriers/units/<int:unit_id>/", carriers.carrier_unit, name="carrier_unit"),
    path("carriers/units/<int:unit_id>/change/", carriers.unit_change, name="unit_change"),
    path("carriers/units/<int:unit_id>/act/", carriers.unit_act, name="unit_act"),
    path("carriers/parcels/new/", carriers.parcel_new, name="parcel_new"),
    path("carriers/parcels/<int:parcel_id>/change/", carriers.parcel_change, name="parcel_change"),
    path("carriers/leases/", leases.lease_list, name="lease_list"),
    path("carriers/leases/new/", leases.lease_new, name="lease_new"),
    path("carriers/leases/<int:lease_id>/", leases.lease, name="lease"),
    path("carriers/leases/<int:lease_id>/change/", leases.lease_change, name="lease_change"),
    path("carriers/leases/<int:lease_id>/act/", leases.lease_act, name="lease_act"),
    path("carriers/leases/<int:lease_id>/file/", leases.lease_paper, name="lease_paper"),
    path("my/leases/", my_leases.my_leases, name="my_leases"),
    path("my/leases/<int:my_lease_id>/", my_leases.my_lease, name="my_lease"),
    path("my/leases/<int:my_lease_id>/file/", my_leases.my_lease_paper, name="my_lease_paper"),
    path("my/leases/<int:my_lease_id>/files/<int:my_lease_file_id>/file/", my_leases.my_lease_plan, name="my_lease_plan"),
    path("carriers/import/", carrier_import.carrier_import, name="carrier_import"),
    path("carriers/parcels/<int:parcel_id>/outline/", carrier_map.parcel_outline, name="parcel_outline"),
    path("carriers/buildings/<int:building_id>/outline/", carrier_map.building_outline, name="building_outline"),
    path("carriers/map/", carrier_map.carrier_map, name="carrier_map"),
    path("carriers/buildings/<int:building_id>/files/", carrier_map.building_files, name="building_files"),
    path("carriers/parcels/<int:parcel_id>/files/", carrier_map.parcel_files, name="parcel_files"),
    path("carriers/units/<int:unit_id>/files/", carrier_map.unit_files, name="unit_files"),
    path("carriers/files/<int:carrier_file_id>/file/", carrier_map.carrier_file, name="carrier_file"),
]  # fmt: skip
