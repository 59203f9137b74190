"""What the verbs of carriers are called in the journal, and the keys of their lines."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.work import kinds

CARRIER_VERBS: dict[str, str | Promise] = {
    "add_parcel": _("entered a parcel"),
    "change_parcel": _("changed a parcel"),
    "add_building": _("entered a building"),
    "change_building": _("changed a building"),
    "add_unit": _("entered a unit"),
    "change_unit": _("changed a unit"),
    "import_units": _("brought in a sheet of units"),
    "take_back_units": _("took a sheet of units back"),
    "hold_unit": _("marked a unit"),
    "split_unit": _("split a unit"),
    "merge_units": _("merged units"),
    "join_units": _("said that units open into one another"),
    "part_units": _("said that units do not open into one another"),
    "add_carrier_file": _("added a picture or plan"),
    "remove_carrier_file": _("took a picture or plan off"),
    "reserve_unit": _("reserved a unit"),
    "release_unit": _("let a unit go"),
    "extend_reservation": _("kept a unit for longer"),
    "use_unit": _("recorded the owner's own use of a unit"),
    "sell_unit": _("recorded the sale of a unit"),
    "strike_occupancy": _("struck out an occupancy"),
    "draft_lease": _("drew up a lease"),
    "change_lease": _("changed a lease"),
    "drop_lease": _("gave up a lease being drawn up"),
    "begin_lease": _("put a lease in force"),
    "renew_lease": _("renewed a lease"),
    "end_lease": _("recorded the end of a lease"),
    "break_lease": _("broke a lease off"),
    "record_lease_deposit": _("recorded the deposit of a lease"),
    "return_lease_deposit": _("recorded that a deposit went back"),
}
LEASE_TASKS: dict[str, str | Promise] = {"lease_ask": _("Ask whether a lease goes on")}
DETAILS: dict[str, str | Promise] = {
    "changed": _("changed"),
    "area_m2": _("area, m²"),
    "buildings": _("buildings"),
    "building": _("building"),
    "hold": _("found to be"),
    "how": _("how"),
    "leases": _("leases"),
    "on": _("day"),
    "other": _("the other"),
    "price_fen": _("price"),
    "reservations": _("reserved again"),
    "since": _("since"),
    "unit": _("carrier unit"),
    "units": _("units"),
    "until": _("until"),
}


def register() -> None:
    """Lend the house the words of this part; called once from ``apps.py``."""
    name_verbs(CARRIER_VERBS)
    label_details(DETAILS)
    kinds.know(
        kinds.MatterKind(
            code="lease",
            name=_("lease"),
            tasks=LEASE_TASKS,
            told=frozenset({"renew_lease", "end_lease", "break_lease"}),
        )
    )
    name_codes("kind", {**LEASE_TASKS, "lease": _("lease")})
    pages = {"building": "building", "carrier_unit": "carrier_unit", "lease": "lease"}
    lead_to(pages, own=pages)
