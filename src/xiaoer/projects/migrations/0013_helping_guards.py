"""Row security of pre-review, help and sessions: an enterprise sees its track and who stands by it."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, ZONE, Guard

OWN = f"party_id = {PARTY} and {KEY} is null"
OF_PROJECT = (
    f"{KEY} is null and project_id in (select p.id from project p where p.party_id = {PARTY})"
)
# Each guards itself, so that only what is its own is read by an enterprise.
OF_TRACK = f"{KEY} is null and track_id in (select t.id from pre_review_track t)"
OF_AMBASSADOR = f"{KEY} is null and ambassador_id in (select a.id from ambassador a)"
KEPT = ("select", "insert")
# Row security narrows these to the enterprise's own: the people it may turn to.
HELPERS = """
  select a.post_id from ambassador a union select c.post_id from charge c
  union select f.post_id from force_member f union select n.post_id from element_need n
  union select z.post_id from zone_promise z union select d.post_id from day_move d
"""
PEOPLE = f"""
create policy helper_select on post for select to xiaoer_outside
  using ({ZONE} and id in ({HELPERS}));
create policy helper_select on person for select to xiaoer_outside
  using ({ZONE} and id in (select p.person_id from post p where p.id in ({HELPERS})));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("projects", "0011_lifecycle_guards")]

    operations: ClassVar = [
        Guard("pre_review_item", outside=f"{KEY} is null"),
        Guard("pre_review_bar", outside=f"{KEY} is null"),
        Guard("pre_review_track", outside=OF_PROJECT),
        Guard("pre_review", outside=OF_TRACK),
        Guard("charge", outside=OF_PROJECT),
        Guard("site_visit", staff_verbs=KEPT),
        Guard("ambassador", outside=f"({OWN}) or ({OF_PROJECT})"),
        Guard("pre_check", outside=OF_AMBASSADOR, staff_verbs=KEPT),
        Guard("consultation"),
        Guard("consultation_member", staff_verbs=("select", "insert", "delete")),
        Guard("decision_ask"),
        Guard("resolution"),
        Guard("project_week"),
        Guard("project_line"),
        migrations.RunSQL(PEOPLE),
    ]
