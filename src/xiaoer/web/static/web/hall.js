// The hall of a lot. What counts is what the server says: this page draws it, counts down to it by the
// server's clock, and sends bids that carry a number of their own, so that asking again is not bidding again.
(() => {
  "use strict";
  const page = document.querySelector("[data-hall]");
  if (!page) return;
  const data = JSON.parse(document.getElementById("hall-data").textContent);
  const words = JSON.parse(document.getElementById("hall-words").textContent);
  const part = (name) => document.querySelector(`[data-${name}]`);
  const say = (phrase, values = {}) => phrase.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const put = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
  const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
  const yuan = (fen) => (fen / 100).toLocaleString("en-US", { minimumFractionDigits: fen % 100 ? 2 : 0, maximumFractionDigits: 2 });
  const plate = (alias) => String(alias).padStart(2, "0");
  const two = (number) => String(number).padStart(2, "0");
  const zoned = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const clockOf = (at) => zoned.format(new Date(at));
  const exact = (at) => `${clockOf(at)}.${String(at % 1000).padStart(3, "0")}`;
  // Free bidding runs over days: a bid of another day than the hall's own says which.
  const zonedDay = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
  const dayOf = (at) => zonedDay.format(new Date(at)).slice(5);
  const bidTime = (at, present) => (dayOf(at) === dayOf(present) ? exact(at) : `${dayOf(at)} ${exact(at)}`);
  const fours = (head) => head.slice(0, 16).replace(/(.{4})(?=.)/g, "$1 ");
  const ms = (written) => (written ? Date.parse(written) : null);
  const limit = (milliseconds) => (AbortSignal.timeout ? AbortSignal.timeout(milliseconds) : undefined);
  const mine = data.mine;
  let now = null; // the last snapshot
  let own = { bid: null, seat: null }; // my highest accepted bid in fen, and the secret of my seat

  // The server's clock -----------------------------------------------------------------------
  // Performance time does not jump when the device's clock is set. Of all samples the one that was
  // fetched fastest counts; what was pushed can only come late, never early.
  let samples = [], ahead = null;
  function heardAt(moment, at = performance.now(), doubt = 0) {
    const gap = moment - at;
    if (ahead !== null && doubt === 0 && gap > ahead + 250) samples = []; // the device slept
    samples = [...samples.slice(-29), { gap, doubt }];
    const asked = samples.filter((one) => one.doubt > 0).sort((one, other) => one.doubt - other.doubt)[0];
    ahead = asked ? asked.gap : Math.max(...samples.map((one) => one.gap));
  }
  const serverNow = () => performance.now() + ahead;
  async function setClock() {
    for (let round = 0; round < 3; round += 1) {
      try {
        const began = performance.now();
        const reply = await fetch(data.clock, { cache: "no-store", signal: limit(4000) });
        const moment = Date.parse((await reply.json()).now), ended = performance.now();
        if (moment) heardAt(moment, (began + ended) / 2, Math.max((ended - began) / 2, 0.1));
      } catch (_lost) { return; }
      await pause(300);
    }
  }
  function tellOffset() {
    const off = (Date.now() - (serverNow() - data.ahead)) / 1000;
    put(part("offset"), Math.abs(off) < 1 ? words.in_step : say(words.offset, { seconds: Math.abs(off).toFixed(1), way: off > 0 ? words.fast : words.slow }));
  }

  // What is drawn ----------------------------------------------------------------------------
  // The hammer fell, but by the rules or after an objection nobody bought, or the buyer did not pay.
  const SALES = { none: "no_sale", default: "default" };
  function stateNow(at) {
    if (!now) return "before";
    if (now.result === "sold") return SALES[now.sale] || "sold";
    if (now.result) return now.result === "passed_in" ? "below" : now.result;
    if (now.ended_at || now.state === "ended") return "ending";
    if (now.paused_at) return "paused";
    if (at < now.opens_at) return "before";
    if (at >= now.ends_at) return "ending";
    return at < now.free_until ? "free" : "timed";
  }
  const isOver = (state) => ["sold", "no_bid", "below", "stopped", "no_sale", "default"].includes(state);
  const isOpen = (state) => state === "free" || state === "timed";
  const target = (state, at) => (state === "before" || (state === "paused" && at < now.opens_at) ? now.opens_at : state === "free" || (state === "paused" && at < now.free_until) ? now.free_until : now.ends_at);
  function spell(left) {
    const seconds = Math.max(Math.ceil(left / 1000), 0), days = Math.floor(seconds / 86400);
    const [hours, minutes, rest] = [Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
    const clock = hours || days ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
    return days ? say(words.days, { days, clock }) : clock;
  }
  // How long the present stage is: the bar is what is left of it.
  const length = (state) => (state === "free" ? now.free_until - now.opens_at : Math.max(now.extend, now.ends_at - Math.max(now.free_until, now.last || 0)));

  let shownState = "";
  function tick() {
    if (!now || ahead === null) return;
    const at = serverNow(), state = stateNow(at);
    put(part("server-time"), clockOf(at));
    if (state !== shownState) turn(state);
    const stands = state === "paused" ? now.paused_at : at;
    const left = isOver(state) || state === "ending" ? 0 : target(state, stands) - stands;
    const place = part("countdown");
    put(place, isOver(state) ? words.over : spell(left));
    place.classList.toggle("words", isOver(state) || left > 86400000);
    const whole = state === "before" ? 0 : length(state);
    part("bar").setAttribute("width", whole > 0 ? `${Math.min(100, (100 * left) / whole).toFixed(2)}%` : "0");
    warnNear(state, left);
    tellOffset();
  }
  function turn(state) {
    const before = shownState;
    shownState = state;
    page.dataset.phase = state;
    put(part("phase-words"), words[state]);
    drawExtended();
    drawState(state);
    drawDesk();
    // The state changed by the clock alone: what the server makes of it is asked for.
    if (before && state === "ending") look();
    drawExtended(state);
  }
  // Before timed bidding no bid moves the end; said is what will.
  function drawExtended() {
    const isEarly = !now.ended_at && (now.paused_at ?? serverNow()) < now.free_until;
    put(part("extended"), isEarly ? words.later : `${say(words.extended, { n: now.extensions })} · ${words.each}`);
  }
  // What the host did and why is no part of the snapshot: it is read from the page anew, not by all at once.
  async function readActs() {
    await pause(1500 * Math.random());
    try {
      const reply = await fetch(location.href, { cache: "no-store", signal: limit(8000) });
      const read = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[data-acts]");
      if (read) part("acts").replaceChildren(...read.childNodes);
    } catch (_lost) { /* the state itself stands above */ }
  }

  function draw(next) {
    const before = now;
    now = next;
    const state = stateNow(ahead === null ? Date.parse(next.said) : serverNow());
    const place = part("price");
    const price = yuan(next.price ?? next.start);
    if (before && place.textContent !== price) underline(place);
    put(place, price);
    put(part("price-label"), next.price === null ? words.start : state === "sold" ? words.sold_for : isOver(state) ? words.highest : words.price);
    if (next.secret && state !== "before") put(part("reserve"), next.met ? words.met : words.not_met);
    drawLadder(next.ladder, before);
    put(part("head-words"), say(words.hash, { n: next.seq, head: fours(next.head) }));
    part("head").hidden = false;
    shownState = state;
    page.dataset.phase = state;
    put(part("phase-words"), words[state]);
    drawExtended();
    if (before && (before.paused_at !== next.paused_at || (next.result === "stopped" && before.result !== "stopped"))) readActs();
    if (before && mine && before.leader === mine.alias && next.leader !== mine.alias && isOpen(state)) beep(440, 2);
    drawState(state);
    drawDesk(before);
    drawStands();
    tick();
  }
  function underline(place) {
    place.classList.add("changed");
    setTimeout(() => place.classList.remove("changed"), 2000);
  }
  function drawLadder(ladder, before) {
    const list = part("ladder");
    part("none").hidden = ladder.length > 0;
    if (before && before.ladder.length && ladder.length && before.ladder[0].seq === ladder[0].seq && before.ladder.length === ladder.length) return;
    const known = new Set(before ? before.ladder.map((one) => one.seq) : ladder.map((one) => one.seq));
    list.replaceChildren(...ladder.map((one) => rung(one, !known.has(one.seq))));
  }
  function rung(one, isFresh) {
    const line = document.createElement("li");
    const cell = (name, text, kind = "span") => { const made = document.createElement(kind); if (name) made.className = name; made.textContent = text; return made; };
    const isMine = mine && one.alias === mine.alias;
    line.className = `${isMine ? "mine" : ""}${isFresh ? " fresh" : ""}`.trim();
    const whose = cell("whose", "");
    whose.append(cell("", plate(one.alias), "b"));
    if (isMine) whose.append(cell("", words.you));
    else if (one.first_right) whose.append(cell("right", words.right));
    line.append(cell("nth", one.bid), whose, cell("", bidTime(ms(one.at), ahead === null ? Date.parse(now.said) : serverNow()), "time"), cell("amount", yuan(one.amount_fen)));
    return line;
  }
  function watched(state) {
    if (!now.leader) return isOver(state) ? "" : words.nobody;
    const said = state === "sold" ? words.sold_to : isOver(state) ? words.led : words.leader;
    return say(said, { number: plate(now.leader) });
  }
  function standing(state) {
    const number = mine && plate(mine.alias), leads = mine && now.leader === mine.alias;
    if (!mine) return ["", words.watching, watched(state)];
    if (state === "sold") return (data.won ?? leads) ? ["green", words.won, words.won_more] : ["", words.lost, words.lost_more];
    // Whoever is in default learns on its own page what becomes of its deposit.
    if (isOver(state)) return ["", words[state], state === "default" && (data.won ?? leads) ? "" : words.lost_more];
    if (leads) return ["green", words.leads, say(words.leads_more, { number })];
    if (own.bid === null) return ["", words.not_yet, say(words.not_yet_more, { number })];
    return ["amber", words.passed, say(words.passed_more, { yuan: yuan(own.bid) })];
  }
  const SHAPES = {
    green: '<circle cx="8" cy="8" r="5.5" class="mark"/>',
    amber: '<path d="M8 1.6 15.2 14.2H.8z" class="mark"/><path d="M8 6v4.2M8 11.6v1.4" class="cut"/>',
  };
  function drawState(state) {
    const [colour, title, more] = standing(state), box = part("state");
    box.className = `hall-state ${colour}`;
    part("state-mark").innerHTML = SHAPES[colour] ? `<svg class="light ${colour}" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[colour]}</svg>` : "";
    put(part("state-words"), title);
    put(part("state-more"), more);
  }

  // Snapshots: pushed, and asked for where nothing is pushed ------------------------------------
  function take(raw, isPushed) {
    if (!raw) return;
    if (isPushed) heardAt(Date.parse(raw.now));
    if (now && raw.seq < now.seq) return; // an older one, kept somewhere on the way
    const isOlder = now && raw.seq === now.seq && Date.parse(raw.now) < Date.parse(now.said);
    draw({
      said: raw.now, seq: raw.seq, state: raw.state, result: raw.result, sale: (isOlder ? null : raw.sale) ?? (now ? now.sale : null), price: raw.price_fen ?? null, start: raw.start_fen, step: raw.step_fen,
      most: raw.most_fen, leader: raw.leader, leaderFirst: raw.leader_first, secret: raw.has_secret, met: raw.reserve_met, extensions: raw.extensions,
      head: raw.head, ladder: raw.ladder, extend: raw.extend_s * 1000, opens_at: ms(raw.opens_at), free_until: ms(raw.free_until), ends_at: ms(raw.ends_at),
      paused_at: ms(raw.paused_at), ended_at: ms(raw.ended_at), last: raw.ladder.length ? ms(raw.ladder[0].at) : null,
    });
    fresh();
  }
  let seenAt = performance.now(), isLost = false, poller = 0, source = null;
  function fresh() {
    seenAt = performance.now();
    if (!isLost) return;
    isLost = false;
    part("link").hidden = true;
  }
  function lost() {
    isLost = true;
    const link = part("link");
    link.hidden = false;
    put(link, say(words.lost_link, { time: now ? clockOf(Date.parse(now.said)) : "–" }));
  }
  let looking = false;
  async function look() {
    if (looking) return;
    looking = true;
    try {
      const reply = await fetch(data.address, { signal: limit(5000) });
      if (!reply.ok) throw new Error(String(reply.status));
      take(await reply.json(), false);
    } catch (_lost) { lost(); } finally { looking = false; }
  }
  function poll() {
    clearInterval(poller);
    poller = setInterval(() => { if (!document.hidden || isOpen(shownState)) look(); }, 2000);
  }
  function listen() {
    if (!window.EventSource) return poll();
    source = new EventSource(data.stream);
    const hear = (event) => { try { take(JSON.parse(event.data), true); } catch (_garbled) { look(); } };
    source.onmessage = hear;
    source.addEventListener("snapshot", hear);
    source.onopen = () => { clearInterval(poller); poller = 0; };
    source.onerror = () => {
      if (!poller) poll();
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000 + 2000 * Math.random());
    };
    return undefined;
  }
  // A stream that says nothing while the hall moves: asked beside it now and then.
  setInterval(() => { if (!poller && performance.now() - seenAt > 10000) look(); }, 5000);
  function wake() {
    samples = [];
    setClock();
    look();
    recall();
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  window.addEventListener("online", look);
  window.addEventListener("offline", lost);

  // The desk ---------------------------------------------------------------------------------
  const desk = part("desk");
  const input = part("amount"), button = part("bid");
  let amount = null, isTyped = false, pending = null;
  const KEPT = `bid:${location.pathname}`;
  const mayEqual = () => mine && mine.first && now.price !== null && now.leader !== mine.alias && !now.leaderFirst;
  const least = () => (now.price === null ? now.start : mayEqual() ? now.price : now.price + now.step);
  const answer = (text, colour = "") => {
    const place = part("answer");
    place.className = `bid-answer ${colour}`;
    put(place, text);
  };

  // The last bid of mine that counts, told again when its place is another: after a reload, on another
  // device, or when somebody bids more.
  let stands = null;
  function place() {
    const order = [...new Set(now.ladder.map((one) => one.alias))];
    return order.indexOf(mine.alias) + 1 || null;
  }
  function drawStands() {
    if (!stands || !now || pending || now.seq < stands.seq) return;
    const rank = place();
    if (rank === stands.rank) return;
    stands.rank = rank;
    answer(say(words.stands, { yuan: yuan(stands.fen), time: bidTime(stands.at, serverNow()), rank: rank ?? "–" }), rank === 1 ? "green" : "");
  }

  function drawDesk(before) {
    if (!desk || !now) return;
    const state = shownState;
    desk.hidden = isOver(state);
    const floor = least();
    // The proposal follows the price; what was typed stays as long as it counts.
    if (amount === null || amount < floor || (!isTyped && before && before.price !== now.price)) { amount = floor; isTyped = false; if (hold) cancelHold(words.moved); }
    showAmount();
    const leads = now.leader === mine.alias;
    allow(button, isOpen(state) && !leads && own.seat && pending === null);
    if (!hold) put(part("bid-words"), verb(state, leads));
    allow(part("less"), amount - now.step >= floor);
    allow(part("more"), now.most === null || amount + now.step <= now.most);
  }
  // A control that cannot be used lets the focus go: whoever works by keys gets it back with the control,
  // unless it went elsewhere in the meantime.
  let hadFocus = null;
  function allow(control, may) {
    if (!may && document.activeElement === control) hadFocus = control;
    control.disabled = !may;
    if (!may || hadFocus !== control) return;
    hadFocus = null;
    if (document.activeElement === document.body) control.focus({ preventScroll: true });
  }
  function showAmount() {
    if (document.activeElement !== input) input.value = yuan(amount);
    const from = now.price ?? now.start, more = Math.round((amount - from) / now.step);
    const text = now.price === null ? (more ? say(words.first_more, { n: more }) : words.first) : more === 0 ? words.equal : more === 1 ? words.step : say(words.steps, { n: more });
    put(part("steps"), text);
  }
  function step(by) {
    amount = Math.max(least(), Math.min(amount + by * now.step, now.most ?? Infinity));
    isTyped = true;
    input.value = yuan(amount);
    drawDesk();
  }
  // What is typed is taken to the next amount that counts, in sight, before it can be sent.
  function typed() {
    const given = Math.round(Number(input.value.replace(/[,，\s元]/g, "")) * 100);
    if (!Number.isFinite(given) || given <= 0) {
      input.value = yuan(amount);
      answer(say(words.off_step, { yuan: yuan(amount) }), "amber");
      return;
    }
    // What nobody may bid is no bid for the most.
    if (now.most !== null && given > now.most) {
      input.value = yuan(amount);
      answer(say(words.too_much, { yuan: yuan(now.most) }), "amber");
      return;
    }
    const wanted = now.start + Math.ceil((given - now.start) / now.step) * now.step;
    const next = Math.max(least(), Math.min(wanted, now.most ?? Infinity));
    if (next !== given) answer(say(words.off_step, { yuan: yuan(next) }), "amber");
    else answer(say(words.hold, { yuan: yuan(next) }));
    amount = next;
    isTyped = true;
    input.value = yuan(amount);
    drawDesk();
  }

  // Held for a second, by finger, mouse or key; assistive technology that presses at once is asked.
  let hold = 0, wasHeld = false;
  function beginHold() {
    if (button.disabled || hold) return;
    wasHeld = true;
    if (document.activeElement === input) input.blur();
    button.classList.add("held");
    put(part("bid-words"), words.holding);
    hold = setTimeout(() => { endHold(); send(amount); }, 1000);
  }
  function endHold() {
    clearTimeout(hold);
    hold = 0;
    button.classList.remove("held");
    put(part("bid-words"), words.bid);
  }
  // What is not possible yet stays in sight and says why.
  function verb(state, leads) {
    if (words[`bid_${state}`]) return words[`bid_${state}`];
    if (leads) return words.bid_leads;
    return own.seat && pending === null ? words.bid : words.bid_wait;
  }
  function cancelHold(text) {
    if (!hold) return;
    endHold();
    answer(text || say(words.hold, { yuan: yuan(amount) }), text ? "amber" : "");
  }
  function confirmThen(fen) {
    const dialog = document.getElementById("confirm");
    put(document.getElementById("confirm-words"), say(words.confirm, { yuan: yuan(fen) }));
    put(dialog.querySelector("[value=yes]"), words.bid);
    dialog.onclose = () => { if (dialog.returnValue === "yes") send(fen); };
    dialog.returnValue = "";
    dialog.showModal();
  }

  // One bid: sent with its own number until the server answers; asked again, never bid again.
  let isSending = false;
  async function send(fen) {
    if (isSending || pending) return;
    isSending = true;
    pending = { ref: crypto.randomUUID ? crypto.randomUUID() : madeUp(), fen };
    drawDesk();
    answer(say(words.sending, { yuan: yuan(fen) }));
    const told = await insist(pending);
    isSending = false;
    if (told) settle(told);
    else later();
  }
  async function insist(bid) {
    const until = performance.now() + 20000;
    for (let round = 0; performance.now() < until; round += 1) {
      const told = await ask(bid);
      if (told && told.outcome === "no_seat" && !round && (await sit())) continue; // the session is another: a seat anew, once
      if (told) return told;
      answer(say(words.asking, { yuan: yuan(bid.fen) }), "amber");
      await pause(Math.min(300 * 2 ** round, 2000));
    }
    answer(say(words.unknown, { yuan: yuan(bid.fen) }), "red");
    return null;
  }
  function madeUp() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
  }
  // The server's answer, or null where it is not known whether the bid counts.
  async function ask(bid) {
    bid.asked = Date.now();
    sessionStorage.setItem(KEPT, JSON.stringify(bid));
    try {
      const reply = await fetch(data.bids, {
        method: "POST", signal: limit(6000), headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ seat: own.seat, amount_fen: bid.fen, ref: bid.ref }),
      });
      const told = await reply.json().catch(() => null);
      return told && told.outcome && told.outcome !== "not_known" ? told : null;
    } catch (_lost) { return null; }
  }
  function settle(told) {
    const isIn = told.outcome === "accepted";
    if (isIn) {
      own.bid = Math.max(own.bid ?? 0, pending.fen);
      [isTyped, amount] = [false, null];
      stands = { fen: pending.fen, at: ms(told.at), rank: told.rank ?? null, seq: told.seq };
    }
    if (told.outcome === "no_seat") own.seat = null;
    answer(told.words, isIn ? "green" : told.outcome === "no_seat" ? "red" : "amber");
    forget();
    look();
    if (now) { drawState(shownState); drawDesk(); }
  }
  function forget() {
    pending = null;
    sessionStorage.removeItem(KEPT);
  }
  // The server places a bid within this time of being asked, or never.
  const PLACED_MS = 18000;
  const mayStillCome = (bid) => { const age = Date.now() - (bid.asked || 0); return age >= 0 && age < PLACED_MS; };
  // After a reload, or when the server was gone: is the bid in the ledger? It is not sent again.
  async function later() {
    while (pending && !(await recall())) await pause(3000);
  }
  async function recall() {
    if (!mine || !own.seat) return null;
    let told = null;
    try {
      const reply = await fetch(data.own, { cache: "no-store", signal: limit(5000), headers: { "X-Seat": own.seat } });
      if (reply.ok) told = await reply.json();
    } catch (_lost) { return null; }
    if (!told) return null;
    own.bid = told.highest_fen ?? own.bid;
    if (pending && !isSending) {
      // What stands in the ledger is asked for again, with its place; what does not is not sent again.
      const isThere = told.bids.some((one) => one.ref === pending.ref);
      const again = isThere ? await ask(pending) : null;
      if (isThere && !again) return null;
      if (again) settle(again);
      else if (mayStillCome(pending)) { answer(say(words.asking, { yuan: yuan(pending.fen) }), "amber"); return null; }
      else { answer(say(words.not_arrived, { yuan: yuan(pending.fen) }), "amber"); forget(); }
    }
    if (now) { drawState(shownState); drawDesk(); }
    return told;
  }

  // A seat for this session: whoever has it bids; another device has another.
  async function sit() {
    try {
      const token = desk.querySelector("input[name=csrfmiddlewaretoken]").value;
      const reply = await fetch(desk.dataset.seat, { method: "POST", signal: limit(8000), headers: { "X-CSRFToken": token }, body: new URLSearchParams({ device: device() }) });
      if (!reply.ok || !(reply.headers.get("content-type") || "").includes("json")) return false;
      own.seat = (await reply.json()).seat;
      return true;
    } catch (_lost) { return false; }
  }
  // Which device this is: two bidders at one are told to the host.
  function device() {
    const kept = localStorage.getItem("device") || madeUp();
    localStorage.setItem("device", kept);
    return kept;
  }
  async function takeSeat() {
    while (!(await sit())) await pause(3000);
    const kept = sessionStorage.getItem(KEPT);
    if (kept) pending = JSON.parse(kept);
    let told = null;
    while (!(told = await recall())) await pause(3000);
    const last = told.bids.filter((one) => one.outcome === "accepted").sort((one, other) => other.seq - one.seq)[0];
    if (last && !stands && !kept) {
      stands = { fen: last.amount_fen, at: ms(last.at), rank: -1, seq: last.seq };
      drawStands();
    }
    drawDesk();
  }

  // Sound: off until asked for -----------------------------------------------------------------
  let sound = null;
  function beep(pitch, times = 1) {
    if (!sound) return;
    for (let nth = 0; nth < times; nth += 1) {
      const tone = sound.createOscillator(), volume = sound.createGain(), at = sound.currentTime + nth * 0.22;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.12, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.18);
      tone.connect(volume).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.2);
    }
  }
  let warned = 0;
  function warnNear(state, left) {
    if (state !== "timed") { warned = 0; return; }
    const mark = left <= 10000 ? 10 : left <= 60000 ? 60 : 0;
    if (mark && (!warned || mark < warned)) beep(660);
    warned = mark;
  }
  part("sound").addEventListener("click", () => {
    if (sound) { sound.close(); sound = null; } else { sound = new (window.AudioContext || window.webkitAudioContext)(); beep(660); }
    part("sound").setAttribute("aria-pressed", sound ? "true" : "false");
    put(part("sound-words"), sound ? words.sound_on : words.sound_off);
  });

  if (desk) {
    part("less").addEventListener("click", () => step(-1));
    part("more").addEventListener("click", () => step(1));
    input.addEventListener("change", typed);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => { input.value = yuan(amount); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" || event.key === "ArrowDown") { event.preventDefault(); step(event.key === "ArrowUp" ? 1 : -1); }
      if (event.key === "Enter") { event.preventDefault(); typed(); button.focus(); }
    });
    button.addEventListener("pointerdown", (event) => { if (event.button === 0) { button.setPointerCapture(event.pointerId); beginHold(); } });
    ["pointerup", "pointercancel"].forEach((name) => button.addEventListener(name, () => cancelHold()));
    button.addEventListener("keydown", (event) => { if ((event.key === "Enter" || event.key === " ") && !event.repeat) { event.preventDefault(); beginHold(); } else if (event.key === "Enter" || event.key === " ") event.preventDefault(); });
    button.addEventListener("keyup", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); cancelHold(); } });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("click", (event) => { if (!wasHeld && event.detail === 0 && !button.disabled) confirmThen(amount); wasHeld = false; });
    desk.addEventListener("submit", (event) => event.preventDefault());
    takeSeat();
  }
  take(data.snapshot, true);
  setInterval(tick, 250);
  setClock();
  setInterval(setClock, 60000);
  listen();
  look();
})();
