"""Row security of the base's tables, the posts of an account, and the sealing of the journal."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, POST, Guard, Public, SearchFunction, WebOnly
POSTS_OF_ACCOUNT = """
create function posts_of_account(wanted bigint) returns table (
  post_id bigint, person_id bigint, zone_id bigint, city_id bigint, role varchar, party_ref bigint,
  office_id bigint, is_lead boolean, name varchar, office varchar)
language sql stable security definer set search_path = public as $$
  select p.id, h.id, p.zone_id, coalesce(z.city_id, (select min(c.id) from city c)),
         p.role, p.party_ref, p.office_id, p.is_lead, h.name, coalesce(o.name, p.title)
  from person h
  join post p on p.person_id = h.id
  left join office o on o.id = p.office_id
  left join zone z on z.id = p.zone_id
  where h.account_id = wanted and h.left_on is null
    and p.since <= current_date and (p.until is null or p.until >= current_date)
  order by p.id
$$
"""

# The text of a line that is hashed. Not the transaction number: a restored database counts anew.
JOURNAL_TEXT = """
create function journal_text(line journal_line) returns text
language sql immutable as $$
  select concat_ws(chr(31), line.id, coalesce(line.zone_id, 0),
    to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    coalesce(line.person_id, 0), coalesce(line.post_id, 0), line.who, line.verb,
    line.subject_type, line.subject_id, coalesce(line.party_ref, 0), line.detail::text)
$$
"""

CHAIN_STEP = """
create function journal_chain_step(state bytea, head bytea, line text) returns bytea
language sql immutable as $$
  select sha256(coalesce(state, head) || convert_to(line, 'UTF8'))
$$
"""

CHAIN = """
create aggregate journal_chain(head bytea, line text) (
  sfunc = journal_chain_step, stype = bytea)
"""

# Lines whose transaction is older than every transaction still running are final; they are sealed
# in (transaction, number) order. One sealer at a time; set-based, so a thousand lines cost one pass.
SEAL = """
create function seal_journal() returns table (zone_ref int, "position" bigint, hash bytea)
language plpgsql security definer set search_path = public as $$
declare
  low bigint;
  high bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if not pg_try_advisory_xact_lock(7305) then
    return;
  end if;
  select h.sealed_below into low from journal_horizon h;
  return query
  with waiting as (
    select l as line, coalesce(l.zone_id, 0)::int as zone_ref, l.id, l.txid
    from journal_line l
    where l.txid >= low and l.txid < high
      and not exists (select from journal_seal s where s.line_id = l.id)
  ), heads as (
    select z.zone_ref, head.position, head.hash
    from (select distinct w.zone_ref from waiting w) z,
         lateral (select s.position, s.hash from journal_seal s
                  where s.zone_ref = z.zone_ref order by s.position desc limit 1) head
  ), sealed as (
    insert into journal_seal (zone_ref, position, line_id, txid, hash, sealed_at)
    select w.zone_ref,
           coalesce(h.position, 0) + row_number() over chain,
           w.id, w.txid,
           journal_chain(coalesce(h.hash, ''::bytea), journal_text(w.line)) over chain,
           clock_timestamp()
    from waiting w left join heads h on h.zone_ref = w.zone_ref
    window chain as (partition by w.zone_ref order by w.txid, w.id
                     rows between unbounded preceding and current row)
    returning journal_seal.zone_ref, journal_seal.position, journal_seal.hash
  )
  select distinct on (s.zone_ref) s.zone_ref, s.position, s.hash
  from sealed s order by s.zone_ref, s.position desc;
  update journal_horizon set sealed_below = high;
end $$
"""

HORIZON = """
create table journal_horizon (
  id int primary key default 1 constraint journal_horizon_is_one_row check (id = 1),
  sealed_below bigint not null default 0);
insert into journal_horizon default values;
grant select, update on journal_horizon to xiaoer_search;
grant select on journal_horizon to xiaoer_app, xiaoer_city, xiaoer_web, xiaoer_backup;
grant select on journal_seal to xiaoer_app, xiaoer_city, xiaoer_web, xiaoer_backup;
grant select, insert on journal_seal to xiaoer_search;
"""

OWN_PERSON = f"id = (select p.person_id from post p where p.id = {POST})"
OWN_LINES = f"party_ref = {PARTY} and {KEY} is null"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("base", "0001_initial")]

    operations: ClassVar = [
        Public("city"),
        Public("zone"),
        Public("installation"),
        WebOnly("account"),
        WebOnly("access_miss"),
        WebOnly("once_key"),
        WebOnly("api_token"),
        Guard("office", outside="true", zone_optional=True, search=True),
        Guard("person", outside=OWN_PERSON, zone_optional=True, search=True),
        Guard(
            "post",
            outside=f"id = {POST}",
            zone_optional=True,
            search=True,
        ),
        Guard("deputy", staff_verbs=("select", "insert", "update", "delete")),
        Guard(
            "journal_line",
            outside=OWN_LINES,
            staff_verbs=("select", "insert"),
            zone_optional=True,
            search=True,
        ),
        Guard(
            "stored_file",
            outside=f"id in (select a.file_id from attachment a where a.party_ref = {PARTY})",
            staff_verbs=("select", "insert"),
        ),
        Guard("attachment", outside=f"party_ref = {PARTY} and {KEY} is null"),
        migrations.RunSQL(HORIZON),
        SearchFunction("posts_of_account(bigint)", POSTS_OF_ACCOUNT, callers=("xiaoer_web", "xiaoer_app", "xiaoer_outside", "xiaoer_city")),
        migrations.RunSQL(JOURNAL_TEXT),
        migrations.RunSQL(CHAIN_STEP),
        migrations.RunSQL(CHAIN),
        SearchFunction("seal_journal()", SEAL, callers=("xiaoer_web",)),
    ]
