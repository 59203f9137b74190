"""What the live hall asks the database: what everybody may see, and what a seat may; and how many watch."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard, SearchFunction

LIVE = ("xiaoer_web",)

# Only lots that were announced, and of them only what is said to everybody: numbers, no names.
VIEWS = """
create function hall_views(wanted bigint[], since bigint[])
returns table (lot bigint, number text, lot_state text, opens_at timestamptz, free_until timestamptz,
  ends_at timestamptz, extend_s int, start_fen bigint, step_fen bigint, most_fen bigint,
  price_fen bigint, leader int, leader_first bool, seq bigint, bids int, extensions int,
  has_secret bool, reserve_met bool, paused_at timestamptz, ended_at timestamptz, result text,
  head text, ahead interval, now timestamptz, ladder jsonb)
language sql stable security definer set search_path = public as $$
  select h.lot_id, l.number, l.state, h.opens_at, h.free_until, h.ends_at, h.extend_s, h.start_fen,
    h.step_fen, h.most_fen, h.price_fen, h.leader_alias, h.leader_rank is not null, h.seq, h.bids,
    h.extensions, h.has_secret, h.is_reserve_met, h.paused_at, h.ended_at, h.result,
    encode(h.head, 'hex'),
    coalesce((select m.ahead from moved_clock m
              where m.zone_id = h.zone_id and exists (select from installation i where i.is_demo)),
             interval '0'),
    clock_timestamp(),
    coalesce((
      select jsonb_agg(jsonb_build_array(x.seq, b.alias, b.rank is not null, x.amount_fen,
                                         floor(extract(epoch from x.at) * 1000)::bigint,
                                         left(encode(x.hash, 'hex'), 16))
                       order by x.seq desc)
      from (select n.* from auction_line n
            where n.lot_id = h.lot_id and n.seq > w.since and n.seq <= h.seq
              and n.kind = 'bid' and n.outcome = 'accepted'
            order by n.seq desc limit 20) x
      join auction_bidder b on b.id = x.bidder_id), '[]')
  from unnest(wanted, since) as w (lot, since)
  join auction_hall h on h.lot_id = w.lot
  join auction_lot l on l.id = h.lot_id and l.state not in ('draft', 'submitted', 'checked')
$$
"""

SEAT = """
create function seat_place(seat text)
returns table (lot bigint, alias int)
language sql stable security definer set search_path = public as $$
  select b.lot_id, b.alias from auction_seat s
  join auction_bidder b on b.id = s.bidder_id where s.key_hash = seat
$$
"""

MINE = """
create function my_hall(seat text)
returns table (lot bigint, alias int, is_first bool, state text, is_here bool, leads bool,
  highest_fen bigint, bids jsonb)
language sql stable security definer set search_path = public as $$
  select b.lot_id, b.alias, b.rank is not null, b.state,
    exists (select from django_session d
            where d.session_key = s.session_key and d.expire_date > clock_timestamp()),
    coalesce(h.leader_id = b.id, false),
    (select max(n.amount_fen) from auction_line n where n.bidder_id = b.id and n.outcome = 'accepted'),
    coalesce((
      select jsonb_agg(jsonb_build_array(x.seq, x.amount_fen, x.outcome,
                                         floor(extract(epoch from x.at) * 1000)::bigint, x.ref)
                       order by x.seq desc)
      from (select n.* from auction_line n where n.bidder_id = b.id order by n.seq desc limit 50) x),
      '[]')
  from auction_seat s
  join auction_bidder b on b.id = s.bidder_id
  left join auction_hall h on h.lot_id = b.lot_id
  where s.key_hash = seat
$$
"""

# A stranger's page: no scope, and nothing but what was published: the words of a hall that ended.
LEDGER = """
create function published_ledger(wanted bigint, after bigint, most int)
returns table (seq bigint, words text, hash text)
language sql stable security definer set search_path = public as $$
  select l.seq, l.text, encode(l.hash, 'hex')
  from auction_line l join auction_hall h on h.lot_id = l.lot_id
  where l.lot_id = wanted and h.ended_at is not null and l.seq > after
  order by l.seq limit least(most, 10000)
$$
"""

# Whoever watches sees at once that a lot was withdrawn, confirmed or published.
TOLD = """
create function tell_of_lot() returns trigger language plpgsql set search_path = public as $$
begin
  perform pg_notify('auction', new.id::text);
  return null;
end $$;
create trigger lot_moved after update of state on auction_lot
  for each row when (old.state is distinct from new.state) execute function tell_of_lot();
"""


# One writer, as of the hall: the role that owns the function.
WRITER = """
grant insert, update, delete on auction_audience to xiaoer_search;
create policy hall_insert on auction_audience for insert to xiaoer_search with check (true);
create policy hall_update on auction_audience for update to xiaoer_search
  using (true) with check (true);
create policy hall_delete on auction_audience for delete to xiaoer_search using (true);
"""
# A process says how many follow which hall through it, and takes away what is no longer so; what
# a process that was killed said last goes with the next word of any other.
TELL = """
create function tell_audience(me text, lots bigint[], counts int[]) returns void
language sql security definer set search_path = public as $$
  delete from auction_audience a
  where a.process = me and not a.lot_id = any (lots) or a.at < clock_timestamp() - interval '1 hour';
  insert into auction_audience (zone_id, lot_id, process, watchers, at)
  select l.zone_id, l.id, me, t.count, clock_timestamp()
  from unnest(lots, counts) as t (lot, count) join auction_lot l on l.id = t.lot
  on conflict (process, lot_id) do update set watchers = excluded.watchers, at = excluded.at
$$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assets", "0003_halls")]

    operations: ClassVar = [
        Guard("auction_audience", staff_verbs=("select",), city=False, search=True),
        migrations.RunSQL(WRITER),
        SearchFunction("tell_audience(text, bigint[], int[])", TELL, callers=LIVE),
        SearchFunction("hall_views(bigint[], bigint[])", VIEWS, callers=LIVE),
        SearchFunction("seat_place(text)", SEAT, callers=LIVE),
        SearchFunction("my_hall(text)", MINE, callers=LIVE),
        SearchFunction(
            "published_ledger(bigint, bigint, int)",
            LEDGER,
            callers=("xiaoer_web", "xiaoer_app", "xiaoer_outside", "xiaoer_city"),
        ),
        migrations.RunSQL(TOLD),
    ]
