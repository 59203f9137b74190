"""Row security of carriers and of what surrounds an auction; the hall's own tables stand in 0003."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, ZONE, Guard, SearchFunction, WithinZone

MINE = f"party_id = {PARTY} and {KEY} is null"
# What anybody may read who looks at the pages of an auction.
SHOWN = "state not in ('draft', 'submitted', 'checked')"
SHOWN_LOT = f"lot_id in (select l.id from auction_lot l where l.{SHOWN})"
MY_LOT = f"lot_id in (select l.id from auction_lot l where l.seller_id = {PARTY} and {KEY} is null)"
OF_MINE = "bidder_id in (select b.id from auction_bidder b)"
# Without these, policies of tables that refer to one another would ask each other in a ring.
MY_UNITS = f"""
create function units_run_by_me() returns setof bigint
language sql stable security definer set search_path = public as $$
  select u.id from carrier_unit u join building b on b.id = u.building_id
  where b.{ZONE} and b.operator_id = {PARTY} and {KEY} is null
$$
"""
# A draft is nobody's business outside but the applicant's.
MY_REVIEWS = f"""
create function move_ins_i_review() returns setof bigint
language sql stable security definer set search_path = public as $$
  select m.move_in_id from move_in_unit m
  join move_in i on i.id = m.move_in_id
  join carrier_unit u on u.id = m.unit_id join building b on b.id = u.building_id
  where b.{ZONE} and b.operator_id = {PARTY} and {KEY} is null and i.review_due_at is not null
$$
"""
# A tenant's row of the registry stays closed to the operator; of it only the name is told.
TENANTS = f"""
create function tenants_of_my_units() returns table (id bigint, name varchar)
language sql stable security definer set search_path = public as $$
  select distinct p.id, p.name from occupancy o
  join carrier_unit u on u.id = o.unit_id join building b on b.id = u.building_id
  join party p on p.id = o.party_id
  where b.{ZONE} and b.operator_id = {PARTY} and {KEY} is null
$$
"""
USED = f"""
create function buildings_i_use() returns setof bigint
language sql stable security definer set search_path = public as $$
  select u.building_id from occupancy o join carrier_unit u on u.id = o.unit_id
  where o.{ZONE} and o.party_id = {PARTY} and {KEY} is null and not o.is_struck
$$
"""
OUTSIDE = ("xiaoer_outside",)
IN_MY_UNIT = "unit_id in (select units_run_by_me())"
SEEN_UNITS = "(select u.id from carrier_unit u)"
SHOWN_MOVE_IN = "move_in_id in (select m.id from move_in m)"
KEPT = ("select", "insert")
# Whoever may read a unit, a move-in or a paper reads what it is read by: its building, the file, and
# who in the office looks after it.
BESIDE = f"""
create policy used_select on building for select to xiaoer_outside
  using ({ZONE} and id in (select buildings_i_use()));
create policy of_move_ins_select on building for select to xiaoer_outside
  using ({ZONE} and {KEY} is null and id in (
    select u.building_id from carrier_unit u join move_in_unit m on m.unit_id = u.id));
create policy of_move_ins_select on carrier_unit for select to xiaoer_outside
  using ({ZONE} and {KEY} is null and id in (select m.unit_id from move_in_unit m));
create policy of_carriers_select on stored_file for select to xiaoer_outside
  using ({ZONE} and {KEY} is null
         and id in (select f.file_id from carrier_file f where f.removed_at is null));
create policy of_move_ins_select on stored_file for select to xiaoer_outside
  using ({ZONE} and {KEY} is null
         and id in (select p.file_id from move_in_paper p where p.removed_at is null));
create policy of_move_ins_select on post for select to xiaoer_outside
  using ({ZONE} and {KEY} is null and id in (select m.post_id from move_in m));
create policy of_move_ins_select on person for select to xiaoer_outside
  using ({ZONE} and {KEY} is null
         and id in (select p.person_id from post p join move_in m on m.post_id = p.id));
"""
# What was not paid out yet may be taken from the list again.
UNPAID = f"""
create policy staff_delete on deposit_refund for delete to xiaoer_app
  using ({ZONE} and done_on is null);
grant delete on deposit_refund to xiaoer_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assets", "0001_assets"),
        ("papers", "0002_guards"),
        ("work", "0002_guards"),
        ("registry", "0002_guards"),
        ("base", "0002_guards"),
    ]

    operations: ClassVar = [
        SearchFunction("units_run_by_me()", MY_UNITS, callers=OUTSIDE),
        SearchFunction("move_ins_i_review()", MY_REVIEWS, callers=OUTSIDE),
        SearchFunction("tenants_of_my_units()", TENANTS, callers=OUTSIDE),
        SearchFunction("buildings_i_use()", USED, callers=OUTSIDE),
        Guard("parcel", outside=MINE),
        Guard(
            "building",
            outside=f"(party_id = {PARTY} or operator_id = {PARTY}) and {KEY} is null",
            search=True,
        ),
        Guard(
            "carrier_unit",
            outside=f"id in (select units_run_by_me()) or id in (select o.unit_id from occupancy o"
            f" where o.party_id = {PARTY} and {KEY} is null)",
            search=True,
        ),
        Guard("unit_made", outside=f"new_id in {SEEN_UNITS}", staff_verbs=KEPT),
        Guard(
            "unit_door",
            outside=f"first_id in {SEEN_UNITS} and second_id in {SEEN_UNITS}",
            staff_verbs=("select", "insert", "update", "delete"),
        ),
        Guard(
            "lease",
            outside=f"({MINE}) or id in (select o.lease_id from occupancy o where o.{IN_MY_UNIT})",
        ),
        Guard("occupancy", outside=f"({MINE}) or {IN_MY_UNIT}", search=True),
        Guard(
            "carrier_file",
            outside=f"unit_id in {SEEN_UNITS} or building_id in (select b.id from building b)"
            " or parcel_id in (select p.id from parcel p)",
        ),
        Guard("land_indicator_kind"),
        Guard("land_indicator"),
        Guard("land_check", staff_verbs=KEPT),
        Guard("land_step"),
        Guard("land_stage_rule"),
        Guard("land_pledge", outside=MINE),
        Guard("space_need", outside=MINE),
        Guard("showing"),
        Guard("move_in", outside=f"({MINE}) or id in (select move_ins_i_review())", search=True),
        Guard(
            "move_in_unit",
            outside=SHOWN_MOVE_IN,
            staff_verbs=("select", "insert", "delete"),
            search=True,
        ),
        Guard("move_in_paper", outside=SHOWN_MOVE_IN),
        Guard("move_in_opinion", outside=f"operator_id = {PARTY} and {KEY} is null"),
        Guard("move_in_item"),
        Guard("cage_site"),
        Guard("cage_gain"),
        Guard("auction_rules", outside="released_at is not null"),
        # Where deposits are paid stands in the notice, which anybody reads.
        Guard("deposit_account", outside="true"),
        Guard(
            "auction_lot",
            outside=f"({SHOWN}) or (seller_id = {PARTY} and {KEY} is null)",
            search=True,
        ),
        Guard("lot_file", outside=f"({SHOWN_LOT} and kind = 'picture') or {MY_LOT}"),
        Guard("auction_bidder", outside=MINE, search=True),
        # A lot names its winner, a bidder its lot.
        WithinZone("auction_lot"),
        Guard("deposit_statement", staff_verbs=KEPT),
        # Row security narrows the lines to the bidder's own.
        Guard("deposit_line", outside=OF_MINE),
        Guard("deposit_refund", outside="line_id in (select d.id from deposit_line d)"),
        migrations.RunSQL(UNPAID),
        Guard("lot_payment", outside=f"({OF_MINE}) or {MY_LOT}", staff_verbs=KEPT),
        Guard("lot_second_chance", outside=OF_MINE),
        Guard("lot_objection", outside=f"({OF_MINE}) or (bidder_id is null and {MY_LOT})"),
        Guard("auction_ban", outside=MINE),
        Guard("auction_flag", city=False),
        Guard("auction_watching", city=False),
        Guard("lot_host"),
        migrations.RunSQL(BESIDE),
    ]
