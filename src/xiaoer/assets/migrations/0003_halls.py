"""The hall: what decides who wins, in functions of the database that alone write hall and ledger.

Everything passes through one row a lot, locked; time is the database's own, and never runs back
within a lot. Many bids are taken in one call: a process sends all that wait at once.
"""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import KEY, PARTY, Guard, SearchFunction

SHOWN_LOT = "lot_id in (select l.id from auction_lot l where l.state not in ('draft', 'submitted', 'checked'))"

# One writer: the role that owns the functions.
WRITER = """
grant insert, update on auction_hall to xiaoer_search;
grant insert, update, delete on sealed_reserve to xiaoer_search;
grant insert on auction_line to xiaoer_search;
create policy hall_insert on auction_hall for insert to xiaoer_search with check (true);
create policy hall_update on auction_hall for update to xiaoer_search using (true) with check (true);
create policy hall_insert on auction_line for insert to xiaoer_search with check (true);
create policy hall_insert on sealed_reserve for insert to xiaoer_search with check (true);
create policy hall_update on sealed_reserve for update to xiaoer_search using (true) with check (true);
create policy hall_delete on sealed_reserve for delete to xiaoer_search using (true);
grant select on django_session to xiaoer_search;
alter table auction_hall set (fillfactor = 50);
"""

# Moments in ledger lines are microseconds since 1970.
US = "(extract(epoch from {}) * 1000000)::bigint"

# The database's clock; in a demo zone it may run ahead by what only the owner can write.
CLOCK = """
create function hall_now(zone bigint) returns timestamptz
language sql volatile security definer set search_path = public as $$
  select clock_timestamp()
    + coalesce((select m.ahead from moved_clock m
                where m.zone_id = zone and exists (select from installation i where i.is_demo)),
               interval '0')
$$
"""

TELL = f"""
create function tell_hall(hall auction_hall, kind text, more text, moment timestamptz, result text)
returns auction_hall
language plpgsql security definer set search_path = public as $$
declare
  words text;
begin
  hall.seq := hall.seq + 1;
  hall.last_at := moment;
  words := concat_ws('|', hall.seq, kind, {US.format("moment")}, more);
  hall.head := sha256(hall.head || convert_to(words, 'UTF8'));
  insert into auction_line (zone_id, lot_id, seq, kind, outcome, price_fen, at, text, hash)
  values (hall.zone_id, hall.lot_id, hall.seq, kind, result, hall.price_fen, moment, words, hall.head);
  return hall;
end $$
"""

KEEP = """
create function keep_hall(hall auction_hall) returns void
language sql security definer set search_path = public as $$
  update auction_hall h set
    opens_at = hall.opens_at, free_until = hall.free_until, ends_at = hall.ends_at,
    is_reserve_met = hall.is_reserve_met, price_fen = hall.price_fen, leader_id = hall.leader_id,
    leader_alias = hall.leader_alias, leader_rank = hall.leader_rank, seq = hall.seq,
    bids = hall.bids, extensions = hall.extensions, last_at = hall.last_at, head = hall.head,
    free_bidders = hall.free_bidders, paused_at = hall.paused_at, ended_at = hall.ended_at,
    result = hall.result
  where h.lot_id = hall.lot_id;
  select pg_notify('auction', hall.lot_id::text);
$$
"""

# Each bid is looked up by its keys, whatever the planner knew of the tables when it planned: one that
# saw an empty ledger would read all of it for every bid that follows (hence ``lateral``). Nothing is
# called a bid that is not built in: a function with rights of its own costs as much as the rules.
PLACE = f"""
create function place_bids(lots bigint[], seats text[], amounts bigint[], refs uuid[])
returns table (place int, line bigint, outcome text, at timestamptz, price bigint, leader int, ends_at timestamptz, alias int)
language plpgsql security definer set search_path = public set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  halls auction_hall[];
  hall auction_hall;
  done auction_hall[] := '{{}}';
  one record;
  lot bigint;
  twice bool := (select count(distinct r) < count(r) from unnest(refs) r);
  number int := 1;
  moment timestamptz;
  words text;
  beats bool;
  seen int;
  -- The lines to be kept, a column each: appending to an array of rows copies all of them.
  new_zone bigint[] := '{{}}'; new_lot bigint[] := '{{}}'; new_seq bigint[] := '{{}}';
  new_bidder bigint[] := '{{}}'; new_amount bigint[] := '{{}}'; new_outcome text[] := '{{}}';
  new_price bigint[] := '{{}}'; new_at timestamptz[] := '{{}}'; new_ref uuid[] := '{{}}';
  new_text text[] := '{{}}'; new_hash bytea[] := '{{}}';
begin
  -- In order of their numbers, so that two processes never wait for each other in a ring.
  select array_agg(h) into halls from (
    select h.* from auction_hall h
    where h.lot_id = any(lots)
    order by h.lot_id for update) h;
  for one in
    select q.ord::int as ord, q.amount, q.ref, b.id as bidder, b.lot_id, b.alias as alias,
           b.rank as rank, b.state, b.zone_id,
           exists (select from django_session d where d.session_key = s.session_key
                   and d.expire_date > clock_timestamp()) as is_here,
           k.seq as known, k.outcome as known_outcome, k.at as known_at, k.price_fen as known_price,
           case when demo.is_so then
             (select m.ahead from moved_clock m where m.zone_id = b.zone_id) end as ahead
    from unnest(lots, seats, amounts, refs) with ordinality as q (lot, seat, amount, ref, ord)
    cross join (select exists (select from installation i where i.is_demo) as is_so) demo
    left join auction_seat s on s.key_hash = q.seat
    left join auction_bidder b on b.id = s.bidder_id and b.lot_id = q.lot
    left join lateral (
      select t.seq, t.outcome, t.at, t.price_fen from auction_line t
      where t.bidder_id = b.id and t.ref = q.ref limit 1) k on true
    order by b.lot_id, q.ord
  loop
    place := one.ord; line := null; at := null; price := null; leader := null; ends_at := null;
    alias := one.alias;
    if one.lot_id is null or not one.is_here then
      outcome := 'no_seat'; return next; continue;
    end if;
    if one.known is not null then
      line := one.known; outcome := one.known_outcome; at := one.known_at; price := one.known_price;
      return next; continue;
    end if;
    if lot is distinct from one.lot_id then
      if lot is not null then done := done || hall; end if;
      lot := one.lot_id;
      while halls[number].lot_id < lot loop
        number := number + 1;
      end loop;
      hall := halls[number];
    end if;
    if hall.lot_id is distinct from lot then
      lot := null;
      outcome := 'no_hall'; return next; continue;
    end if;
    -- Twice in one call is once: the first stands among the lines to be kept.
    if twice then
      seen := (select i from generate_subscripts(new_ref, 1) i
               where new_ref[i] = one.ref and new_bidder[i] = one.bidder);
      if seen is not null then
        line := new_seq[seen]; outcome := new_outcome[seen]; at := new_at[seen]; price := new_price[seen];
        return next; continue;
      end if;
    end if;
    moment := greatest(clock_timestamp() + coalesce(one.ahead, interval '0'), hall.last_at);
    beats := hall.price_fen is null or one.amount >= hall.price_fen + hall.step_fen
      or (one.amount = hall.price_fen and one.rank is not null
          and (hall.leader_rank is null or hall.leader_rank > one.rank));
    outcome := case
      when one.state <> 'admitted' then 'not_admitted'
      when hall.ended_at is not null or moment >= hall.ends_at then 'late'
      when hall.paused_at is not null then 'paused'
      when moment < hall.opens_at then 'early'
      when hall.must_bid_free and moment >= hall.free_until
        and not one.bidder = any(hall.free_bidders) then 'not_in_time'
      when one.amount is null or one.amount <= 0 then 'no_amount'
      when one.amount > hall.most_fen then 'too_much'
      when hall.leader_id = one.bidder then 'leads'
      when one.amount < hall.start_fen then 'below_start'
      when (one.amount - hall.start_fen) % hall.step_fen <> 0 then 'off_step'
      when not beats then 'below_step'
      else 'accepted' end;
    hall.seq := hall.seq + 1;
    hall.last_at := moment;
    if outcome = 'accepted' then
      hall.price_fen := one.amount; hall.leader_id := one.bidder; hall.leader_alias := one.alias;
      hall.leader_rank := one.rank; hall.bids := hall.bids + 1;
      if moment < hall.free_until then
        if hall.must_bid_free and not one.bidder = any(hall.free_bidders) then
          hall.free_bidders := hall.free_bidders || one.bidder;
        end if;
      elsif moment + hall.extend_s * interval '1 second' > hall.ends_at then
        hall.ends_at := moment + hall.extend_s * interval '1 second';
        hall.extensions := hall.extensions + 1;
      end if;
      if hall.has_secret and not hall.is_reserve_met then
        hall.is_reserve_met := exists (
          select from sealed_reserve r where r.lot_id = lot and r.amount_fen <= one.amount);
      end if;
    end if;
    words := concat_ws('|', hall.seq, 'bid', {US.format("moment")}, one.alias, coalesce(one.amount, 0),
      outcome, coalesce(hall.price_fen, 0), coalesce(hall.leader_alias, 0), {US.format("hall.ends_at")},
      one.ref);
    hall.head := sha256(hall.head || convert_to(words, 'UTF8'));
    new_zone := new_zone || hall.zone_id; new_lot := new_lot || lot; new_seq := new_seq || hall.seq;
    new_bidder := new_bidder || one.bidder; new_amount := new_amount || one.amount;
    new_outcome := new_outcome || outcome;
    new_price := new_price || hall.price_fen; new_at := new_at || moment; new_ref := new_ref || one.ref;
    new_text := new_text || words; new_hash := new_hash || hall.head;
    line := hall.seq; at := moment; price := hall.price_fen;
    leader := hall.leader_alias; ends_at := hall.ends_at;
    return next;
  end loop;
  if lot is not null then
    done := done || hall;
  end if;
  insert into auction_line (zone_id, lot_id, seq, kind, bidder_id, amount_fen, outcome, price_fen, at, ref, text, hash)
  select l.zone, l.lot, l.seq, 'bid', l.bidder, l.amount, l.outcome, l.price, l.at, l.ref, l.text, l.hash
  from unnest(new_zone, new_lot, new_seq, new_bidder, new_amount, new_outcome, new_price, new_at,
              new_ref, new_text, new_hash)
    as l (zone, lot, seq, bidder, amount, outcome, price, at, ref, text, hash);
  update auction_hall h set
    ends_at = e.ends_at, is_reserve_met = e.is_reserve_met, price_fen = e.price_fen,
    leader_id = e.leader_id, leader_alias = e.leader_alias, leader_rank = e.leader_rank, seq = e.seq,
    bids = e.bids, extensions = e.extensions, last_at = e.last_at, head = e.head,
    free_bidders = e.free_bidders
  from unnest(done) e where h.lot_id = e.lot_id;
  if cardinality(done) > 0 then
    perform pg_notify('auction', (select string_agg(e.lot_id::text, ',') from unnest(done) e));
  end if;
end $$
"""

# What the host and the clock do. Each asks for the zone of the scope: a host of another finds nothing.
ZONE = "zone_id = nullif(current_setting('x.zone', true), '')::bigint"

OPEN = f"""
create function open_hall(wanted bigint, opens timestamptz, free timestamptz, ends timestamptz,
  extend int, must_free bool, start_at bigint, step bigint, most bigint, number text, reserve text)
returns void
language plpgsql security definer set search_path = public as $$
declare
  hall auction_hall;
  secret bool := exists (select from sealed_reserve r where r.lot_id = wanted);
begin
  insert into auction_hall (lot_id, zone_id, opens_at, free_until, ends_at, extend_s, must_bid_free,
    start_fen, step_fen, most_fen, has_secret, is_reserve_met, seq, bids, extensions, last_at, head,
    free_bidders)
  select l.id, l.zone_id, opens, free, ends, extend, must_free, start_at, step, most, secret,
    not secret, 0, 0, 0, hall_now(l.zone_id), decode(repeat('00', 32), 'hex'), '{{}}'
  from auction_lot l where l.id = wanted and l.{ZONE}
  returning * into hall;
  if hall.lot_id is null then
    raise exception 'no such lot';
  end if;
  hall := tell_hall(hall, 'open', concat_ws('|', number, start_at, step, most, {US.format("opens")},
    {US.format("free")}, {US.format("ends")}, extend, must_free::int, coalesce(nullif(reserve, ''), '-')),
    hall.last_at, 'open');
  perform keep_hall(hall);
end $$
"""

ADMIT = f"""
create function admit_to_hall(wanted bigint)
returns void
language plpgsql security definer set search_path = public as $$
declare
  hall auction_hall;
  who auction_bidder;
begin
  select b.* into who from auction_bidder b where b.id = wanted and b.{ZONE};
  select h.* into hall from auction_hall h where h.lot_id = who.lot_id for update;
  if hall.lot_id is null or who.alias is null then
    raise exception 'no such bidder';
  end if;
  hall := tell_hall(hall, 'admit', concat_ws('|', who.alias, coalesce(who.rank::text, '-'),
    (who.state = 'admitted')::int), greatest(hall_now(hall.zone_id), hall.last_at), who.state);
  perform keep_hall(hall);
end $$
"""

PAUSE = f"""
create function pause_hall(wanted bigint, why text)
returns text
language plpgsql security definer set search_path = public as $$
declare
  hall auction_hall;
  moment timestamptz;
begin
  select h.* into hall from auction_hall h where h.lot_id = wanted and h.{ZONE} for update;
  if hall.lot_id is null then return 'no_hall'; end if;
  moment := greatest(hall_now(hall.zone_id), hall.last_at);
  if hall.ended_at is not null or moment >= hall.ends_at then return 'late'; end if;
  if hall.paused_at is not null then return 'paused'; end if;
  hall.paused_at := moment;
  hall := tell_hall(hall, 'pause', translate(why, '|' || chr(10) || chr(13), '/  '), moment, 'paused');
  perform keep_hall(hall);
  return 'done';
end $$
"""

GO_ON = f"""
create function resume_hall(wanted bigint, why text)
returns text
language plpgsql security definer set search_path = public as $$
declare
  hall auction_hall;
  moment timestamptz;
  stood interval;
begin
  select h.* into hall from auction_hall h where h.lot_id = wanted and h.{ZONE} for update;
  if hall.lot_id is null then return 'no_hall'; end if;
  if hall.paused_at is null or hall.ended_at is not null then return 'not_paused'; end if;
  moment := greatest(hall_now(hall.zone_id), hall.last_at);
  stood := moment - hall.paused_at;
  -- The time that was left is left still; what had not begun begins later by as much.
  if hall.opens_at > hall.paused_at then hall.opens_at := hall.opens_at + stood; end if;
  if hall.free_until > hall.paused_at then hall.free_until := hall.free_until + stood; end if;
  hall.ends_at := hall.ends_at + stood;
  hall.paused_at := null;
  hall := tell_hall(hall, 'resume', concat_ws('|', {US.format("hall.opens_at")},
    {US.format("hall.free_until")}, {US.format("hall.ends_at")},
    translate(why, '|' || chr(10) || chr(13), '/  ')), moment, 'open');
  perform keep_hall(hall);
  return 'done';
end $$
"""

# One way to end, by the host or by the clock. The row is locked by whoever calls it.
CLOSE = f"""
create function close_hall(hall auction_hall, stops bool, why text)
returns text
language plpgsql security definer set search_path = public as $$
declare
  secret sealed_reserve;
  moment timestamptz := greatest(hall_now(hall.zone_id), hall.last_at);
begin
  if hall.ended_at is not null then return 'ended'; end if;
  if not stops and (hall.paused_at is not null or moment < hall.ends_at) then return 'running'; end if;
  select r.* into secret from sealed_reserve r where r.lot_id = hall.lot_id;
  hall.result := case when stops then 'stopped' when hall.price_fen is null then 'no_bid'
    when not hall.is_reserve_met then 'passed_in' else 'sold' end;
  hall.ended_at := moment;
  hall.paused_at := null;
  hall := tell_hall(hall, 'end', concat_ws('|', hall.result, coalesce(hall.price_fen, 0),
    coalesce(hall.leader_alias, 0), coalesce(secret.amount_fen::text, '-'), coalesce(secret.salt, '-'),
    translate(why, '|' || chr(10) || chr(13), '/  ')), moment, hall.result);
  perform keep_hall(hall);
  return hall.result;
end $$
"""

END = f"""
create function end_hall(wanted bigint, stops bool default false, why text default '')
returns text
language plpgsql security definer set search_path = public as $$
declare
  hall auction_hall;
begin
  select h.* into hall from auction_hall h where h.lot_id = wanted and h.{ZONE} for update;
  if hall.lot_id is null then return 'no_hall'; end if;
  return close_hall(hall, stops, why);
end $$
"""

# Whoever bids on a lot at this moment holds its row: it is looked at again in the next round.
END_DUE = """
create function end_due_halls()
returns table (lot bigint, zone bigint, result text)
language plpgsql security definer set search_path = public as $$
declare
  hall auction_hall;
begin
  for hall in
    select h.* from auction_hall h
    where h.ended_at is null and h.paused_at is null
      and h.ends_at <= clock_timestamp() + greatest(
        interval '0', (select coalesce(max(m.ahead), interval '0') from moved_clock m))
    order by h.lot_id for update skip locked
  loop
    result := close_hall(hall, false, '');
    if result not in ('running', 'ended') then
      lot := hall.lot_id; zone := hall.zone_id;
      return next;
    end if;
  end loop;
end $$
"""

SEAL = f"""
create function seal_reserve(wanted bigint, amount bigint, with_salt text)
returns void
language sql security definer set search_path = public as $$
  insert into sealed_reserve (lot_id, zone_id, amount_fen, salt)
  select l.id, l.zone_id, amount, with_salt from auction_lot l
  where l.id = wanted and l.{ZONE} and l.noticed_at is null
  on conflict (lot_id) do update set amount_fen = excluded.amount_fen, salt = excluded.salt
$$
"""

UNSEAL = f"""
create function unseal_reserve(wanted bigint)
returns void
language sql security definer set search_path = public as $$
  delete from sealed_reserve r using auction_lot l
  where r.lot_id = wanted and l.id = wanted and l.noticed_at is null
    and l.{ZONE}
$$
"""

STAFF = ("xiaoer_app",)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assets", "0002_guards"),
        ("sessions", "0001_initial"),
    ]

    operations: ClassVar = [
        Guard("auction_hall", outside=SHOWN_LOT, staff_verbs=("select",), search=True),
        Guard("auction_line", staff_verbs=("select",), search=True, is_pointed_to=False),
        Guard("sealed_reserve", staff="false", staff_verbs=("select",), city=False, search=True),
        Guard(
            "auction_seat",
            staff_verbs=("select", "insert", "delete"),
            outside=f"bidder_id in (select b.id from auction_bidder b where b.party_id = {PARTY})"
            f" and {KEY} is null",
            search=True,
        ),
        Guard("moved_clock", staff_verbs=("select",), search=True),
        migrations.RunSQL(WRITER),
        SearchFunction(
            "hall_now(bigint)",
            CLOCK,
            callers=("xiaoer_search", "xiaoer_app", "xiaoer_outside", "xiaoer_city"),
        ),
        SearchFunction(
            "tell_hall(auction_hall, text, text, timestamptz, text)", TELL, callers=("xiaoer_search",)
        ),
        SearchFunction("keep_hall(auction_hall)", KEEP, callers=("xiaoer_search",)),
        SearchFunction(
            "place_bids(bigint[], text[], bigint[], uuid[])", PLACE, callers=("xiaoer_web", "xiaoer_app")
        ),
        SearchFunction(
            "open_hall(bigint, timestamptz, timestamptz, timestamptz, int, bool, bigint, bigint,"
            " bigint, text, text)",
            OPEN,
            callers=STAFF,
        ),
        SearchFunction("admit_to_hall(bigint)", ADMIT, callers=STAFF),
        SearchFunction("pause_hall(bigint, text)", PAUSE, callers=STAFF),
        SearchFunction("resume_hall(bigint, text)", GO_ON, callers=STAFF),
        SearchFunction("close_hall(auction_hall, bool, text)", CLOSE, callers=("xiaoer_search",)),
        SearchFunction("end_hall(bigint, bool, text)", END, callers=STAFF),
        SearchFunction("end_due_halls()", END_DUE, callers=("xiaoer_web",)),
        SearchFunction("seal_reserve(bigint, bigint, text)", SEAL, callers=STAFF),
        SearchFunction("unseal_reserve(bigint)", UNSEAL, callers=STAFF),
    ]
