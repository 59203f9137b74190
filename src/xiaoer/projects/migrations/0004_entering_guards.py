"""Row security of statistical entry; and what was reported stays as it was reported.

The triggers hold for every role, the owner's included: of a reported month or a year's plan only
``is_current`` ever changes, once, from true to false, when a newer row takes its place.
"""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard

OF_PROJECT = (
    f"{KEY} is null and project_id in (select p.id from project p where p.party_id = {PARTY})"
)
OF_ENTRY = (
    f"{KEY} is null and entry_id in (select e.id from stat_entry e join project p"
    f" on p.id = e.project_id where p.party_id = {PARTY})"
)
STAYS = """
create function figure_stays() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'is_current' is distinct from to_jsonb(old) - 'is_current'
     or (new.is_current and not old.is_current) then
    raise exception 'a reported figure is never edited; correct it by a new row'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function correction_fits() returns trigger language plpgsql as $$
begin
  if not exists (
    select from investment_month m where m.id = new.replaces_id and m.project_id = new.project_id
      and m.series = new.series and m.month = new.month and m.reporter = new.reporter
      and not m.is_current)
  then
    raise exception 'a correction replaces a figure of the same project, series, month and reporter'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger investment_month_stays before update on investment_month
  for each row execute function figure_stays();
create trigger investment_month_correction before insert on investment_month
  for each row when (new.replaces_id is not null) execute function correction_fits();
create trigger year_plan_stays before update on year_plan
  for each row execute function figure_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("projects", "0002_guards")]

    operations: ClassVar = [
        Guard("stat_rule"),
        Guard("stat_cutoff"),
        Guard("stat_paper_kind", outside="true"),
        Guard("stat_entry", outside=OF_PROJECT),
        Guard("stat_paper", outside=OF_ENTRY),
        migrations.RunSQL(STAYS),
    ]
