"""Registration of the room: its verbs, and how its records are called."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.subjects import call_by
from xiaoer.base.verbs import name_verbs

VERBS: dict[str, str | Promise] = {
    "take_seat": _("took a seat in the hall"),
}


class AssetsConfig(AppConfig):
    name = "xiaoer.assets"
    label = "assets"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.assets.models import (
            Ban,
            Bidder,
            Building,
            CageSite,
            Lease,
            Lot,
            MoveIn,
            MoveInOpinion,
            Occupancy,
            Parcel,
            SpaceNeed,
        )
        from xiaoer.assets.register import cages, carriers, land, lots, moving, space
        from xiaoer.registry.merging import allow_merge_relation

        name_verbs(VERBS)
        carriers.register()
        land.register()
        space.register()
        call_by(
            {
                "unit_sheet": "name",
                "parcel": "number",
                "building": "name",
                "carrier_unit": "code",
                "lease": "number",
            }
        )
        lots.register()
        moving.register()
        cages.register()
        for model in (Parcel, Building, Lease, Occupancy, SpaceNeed, MoveIn, CageSite, Ban):
            allow_merge_relation(model, "party")
        # A firm bids once for a lot: what its other entry did there stays readable with that entry.
        allow_merge_relation(Bidder, "party", stays=("lot",))
        allow_merge_relation(Lot, "seller")
        allow_merge_relation(Building, "operator")
        allow_merge_relation(MoveInOpinion, "operator")
