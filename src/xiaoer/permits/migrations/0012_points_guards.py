"""Row security of service points: everybody reads where they are, nobody reads who came but staff."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard, SearchFunction

OURS = f"party_id = {PARTY} and {KEY} is null"
KEPT = ("select", "insert")
# Behind the link of an appointment, until a month after its day.
HOLDER_OF_APPOINTMENT = """
create function holder_of_appointment(wanted text)
returns table (zone_id bigint, id bigint, name varchar)
language sql stable security definer set search_path = public as $$
  select a.zone_id, a.id, a.who from appointment a
  where a.key_hash = wanted and a.day > current_date - 30
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0010_applying_guards")]

    operations: ClassVar = [
        Guard("service_point", outside="true"),
        Guard("extended_service", outside="true"),
        Guard("point_service", outside="true"),
        Guard("service_record", outside=OURS, staff_verbs=KEPT),
        Guard("point_slot", outside="true"),
        Guard("appointment", outside=f"({OURS}) or key_hash = {KEY}", search=True),
        Guard(
            "queue_ticket",
            outside="appointment_id in (select a.id from appointment a"
            f" where (a.party_id = {PARTY} and {KEY} is null) or a.key_hash = {KEY})",
        ),
        Guard(
            "agency_mandate",
            outside=f"(party_id = {PARTY} or agent_party_id = {PARTY}) and {KEY} is null",
        ),
        Guard("licence_use", outside=OURS, staff_verbs=KEPT),
        SearchFunction(
            "holder_of_appointment(text)", HOLDER_OF_APPOINTMENT, callers=("xiaoer_web",)
        ),
    ]
