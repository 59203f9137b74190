"""What is asked of a hall at every bid and by every watcher, at less cost; and whether a lot has a buyer.

A call of bids on many lots wrote each hall out as text and read it in again. A watcher of a lot that
is closed could not be told whether it was sold: its state does not say so.
"""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import SearchFunction

# Moments in ledger lines are microseconds since 1970.
US = "(extract(epoch from {}) * 1000000)::bigint"

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
  touched bigint[] := '{{}}';
  one record;
  lot bigint;
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
  -- In order of their numbers, so that two processes never wait for each other in a ring. Whole rows
  -- as they are: of rows put together again each is written out as text and read in once more.
  select array_agg(o.hall) into halls from (
    select h as hall from auction_hall h
    where h.lot_id = any(lots)
    order by h.lot_id for update) o;
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
      if lot is not null then
        done := done || hall; touched := touched || lot;
      end if;
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
    if one.ref = any(new_ref) then
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
    done := done || hall; touched := touched || lot;
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
    perform pg_notify('auction', array_to_string(touched, ','));
  end if;
end $$
"""

# Only lots that were announced, and of them only what is said to everybody: numbers, no names;
# of a buyer only that there is one.
VIEWS = """
create function hall_views(wanted bigint[], since bigint[])
returns table (lot bigint, number text, lot_state text, opens_at timestamptz, free_until timestamptz,
  ends_at timestamptz, extend_s int, start_fen bigint, step_fen bigint, most_fen bigint,
  price_fen bigint, leader int, leader_first bool, seq bigint, bids int, extensions int,
  has_secret bool, reserve_met bool, paused_at timestamptz, ended_at timestamptz, result text,
  head text, ahead interval, has_buyer bool, now timestamptz, ladder jsonb)
language sql stable security definer set search_path = public as $$
  select h.lot_id, l.number, l.state, h.opens_at, h.free_until, h.ends_at, h.extend_s, h.start_fen,
    h.step_fen, h.most_fen, h.price_fen, h.leader_alias, h.leader_rank is not null, h.seq, h.bids,
    h.extensions, h.has_secret, h.is_reserve_met, h.paused_at, h.ended_at, h.result,
    encode(h.head, 'hex'),
    coalesce((select m.ahead from moved_clock m
              where m.zone_id = h.zone_id and exists (select from installation i where i.is_demo)),
             interval '0'),
    l.winner_id is not null,
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


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assets", "0007_sheet_reservations")]

    operations: ClassVar = [
        SearchFunction(
            "place_bids(bigint[], text[], bigint[], uuid[])", PLACE, callers=("xiaoer_web", "xiaoer_app")
        ),
        SearchFunction("hall_views(bigint[], bigint[])", VIEWS, callers=("xiaoer_web",)),
    ]
