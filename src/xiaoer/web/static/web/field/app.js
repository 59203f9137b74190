// 外勤: the app. Draws what the phone keeps; talks to the zone whenever there is a network.

import { fetchSites, theCheck, theRefused, theSites } from "./acceptance.js";
import * as dom from "./dom.js";
import { banner, h, icon, say } from "./dom.js";
import { VisitForm } from "./form.js";
import * as phone from "./phone.js";
import * as store from "./store.js";
import { entries, send, unsent, UNSENT, visitOf } from "./sync.js";
import * as views from "./views.js";

const root = document.documentElement;
const page = document.getElementById("page");
const FRESH = 10 * 60_000;
const LONGEST_PAUSE = 60_000;
// What was sent stays in the list for so long, for its receipts.
const REMEMBERED = 24 * 3600_000;

const state = { kept: null, known: null, isOnline: navigator.onLine, mustSignIn: false, refusal: "", fetched: 0, pause: 1000, timer: 0, newer: null };

// Words --------------------------------------------------------------------------------------
function language() {
  const chosen = cookie("django_language");
  if (chosen) return chosen === "en" ? "en" : "zh-hans";
  return navigator.language.startsWith("zh") || !navigator.language.startsWith("en") ? "zh-hans" : "en";
}

const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]+)`)) || [])[1] || "";

async function speak() {
  const theme = cookie("theme");
  if (["light", "dark"].includes(theme)) root.dataset.bsTheme = theme;
  const chosen = language();
  root.lang = chosen === "en" ? "en" : "zh-Hans";
  dom.speak(await (await fetch(`/field/words/${chosen}.json`)).json());
  document.title = say("title");
}

// The head and the bar -------------------------------------------------------------------------
async function frame() {
  const waiting = state.known ? await unsent() : 0;
  const head = document.getElementById("head");
  const who = state.kept ? [h("strong", {}, state.kept.officer), h("span", {}, `${state.kept.office} · ${say("n_firms", { n: state.kept.firms.length })}`)] : [h("strong", {}, say("title")), h("span", {}, say("app"))];
  const mark = state.isOnline ? (state.kept ? ["cloud-check", say("may_go_offline"), "text-green"] : null) : ["cloud-off", say("offline"), "text-grey"];
  head.replaceChildren(...[
    h("a", { class: "logo", href: "/field/", "aria-label": say("title") }, document.getElementById("logo").content.cloneNode(true)),
    h("div", { class: "who" }, who),
    root.dataset.demo ? h("span", { class: "tag" }, say("demo")) : null,
    mark ? h("span", { class: `network ${mark[2]}`, "data-online": String(state.isOnline) }, icon(mark[0]), mark[1]) : null,
  ].filter(Boolean));
  const here = location.hash || "#/";
  const entry = (address, name, words, count) => h("a", { href: address, "aria-current": here === address ? "page" : null }, icon(name), words, count ? h("span", { class: "bubble" }, String(count)) : null);
  const bar = document.getElementById("phone-bar");
  bar.setAttribute("aria-label", say("bar"));
  bar.replaceChildren(
    entry("#/", "route", say("visits")),
    entry("#/queue", "send", say("waiting"), waiting),
    entry("#/phone", "device-mobile", say("phone")),
    entry("/", "home", say("whole")),
  );
  return waiting;
}

function notices() {
  return [
    state.newer ? h("div", { class: "banner" }, h("p", {}, say("newer"), " "), h("button", { class: "btn small", type: "button", onclick: () => state.newer.postMessage("take over") }, say("take_newer"))) : null,
    state.mustSignIn && state.kept ? h("div", { class: "banner amber" }, dom.light("amber"), h("p", {}, say("must_sign_in"), " ", h("a", { href: "/accounts/login/?next=/field/" }, say("sign_in")))) : null,
    state.refusal && state.known ? banner("amber", state.refusal) : null,
  ].filter(Boolean);
}

function show(title, note, ...content) {
  const made = [h("div", { class: "title" }, h("h1", {}, title), note ? h("span", { class: "beside" }, note) : null), ...notices(), h("div", { class: "stack" }, content.flat(3).filter(Boolean))];
  // What looks the same stays as it is: the keyboard keeps its place in it.
  if (made.length === page.children.length && made.every((one, place) => one.isEqualNode(page.children[place]))) return;
  if (isBeneath && isPressed) redraw(); else page.replaceChildren(...made);
}

// What changes beneath a finger waits until it is lifted: no tap is lost to a list drawn anew.
const LONGEST_TAP = 1000;
const CLICK_FOLLOWS = 50;
let isPressed = false;
let lifted = Promise.resolve();
function holdStill() {
  isPressed = true;
  lifted = new Promise((done) => {
    const lift = () => { isPressed = false; done(); };
    const soon = () => setTimeout(lift, CLICK_FOLLOWS);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, soon, { once: true });
    setTimeout(lift, LONGEST_TAP);
  });
}

// Views --------------------------------------------------------------------------------------
const firmOf = (number) => state.kept && state.kept.firms.find((firm) => firm.id === Number(number));

async function loggedToday() {
  const today = state.kept.day;
  const found = new Set();
  for (const entry of await entries()) {
    const visit = await visitOf(entry);
    if (visit.body.visited_on >= today) found.add(visit.firm_id);
  }
  return found;
}

const act = {
  changed: () => draw(),
  send: () => { state.pause = 1000; sending(); },
  async keep(name) {
    const { status, message } = await phone.keep(name);
    if (status === 200) {
      state.refusal = "";
      await begin();
    } else {
      state.mustSignIn = status === 401 || status === 403;
      state.refusal = message || "";
      await draw();
    }
  },
  async wipe() {
    if (await dom.ask(say("wipe_sure"), say("wipe"))) { state.isLeaving = true; await phone.leave(); await store.remove("meta", "phone"); location.assign("/field/"); }
  },
  async signOut() {
    const waiting = await unsent();
    if (waiting && !(await dom.ask(say("out_sure", { n: waiting }), say("out_anyway"), say("send_first")))) { location.hash = "#/queue"; act.send(); return; }
    state.isLeaving = true;
    await phone.leave();
    if (!state.isOnline) { location.assign("/field/"); return; }
    const token = cookie("csrftoken");
    const form = h("form", { method: "post", action: "/accounts/logout/" }, h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token }));
    document.body.append(form);
    form.submit();
  },
};

const VIEWS = {
  "": async () => show(say("order_title"), dom.day(state.kept.day), await theSites(), views.theDay({ kept: state.kept, logged: await loggedToday() })),
  site: async (number) => {
    const found = await theCheck({ checkId: Number(number), onQueued: queued });
    return found ? show(found.title, found.note, found.element) : missing();
  },
  "site-mend": async (id) => {
    const entry = (await entries()).find((one) => one.id === id && one.state === "refused");
    if (!entry) return missing();
    const found = await theRefused({ entry, onQueued: queued });
    return show(found.title, found.note, found.element);
  },
  firm: async (number) => {
    const firm = firmOf(number);
    if (!firm) return missing();
    return show(firm.name, null, views.theFirm({ firm }));
  },
  log: async (number) => {
    const firm = firmOf(number);
    if (!firm) return missing();
    const form = new VisitForm({ firm, kept: state.kept, known: state.known, onQueued: queued });
    return show(firm.name, say("log_visit"), await form.element());
  },
  edit: async (id) => {
    const entry = (await entries()).find((one) => one.id === id);
    const visit = entry && (await visitOf(entry));
    const firm = visit && firmOf(visit.firm_id);
    if (!firm) return missing();
    const form = new VisitForm({ firm, kept: state.kept, known: state.known, entry, visit, onQueued: queued });
    return show(firm.name, say("mend"), await form.element());
  },
  queue: async () => show(say("waiting"), null, await views.theQueue({ entries: await entries(), act: { ...act, officer: state.kept ? state.kept.officer : "" } })),
  phone: async () => show(say("this_phone"), null, views.thePhone({ known: state.known, waiting: await unsent(), act })),
};

const missing = () => show(say("not_here"), null, views.calm({ words: say("not_here_words"), verbs: [h("a", { class: "btn", href: "#/" }, say("to_the_day"))] }));

function queued() {
  location.hash = "#/queue";
  draw();
  act.send();
}

// Which of the reasons holds why nothing of somebody is shown.
async function locked() {
  const waiting = state.known ? await unsent() : 0;
  const more = waiting ? ` ${say("sealed_waits", { n: waiting })}` : "";
  const emptied = await phone.emptiedAt();
  if (location.pathname !== "/field/") return show(say("offline_title"), null, views.calm({ words: say("offline_words") + more, verbs: [h("a", { class: "btn btn-primary", href: "/field/" }, say("to_the_day"))] }));
  if (!state.known && emptied) return show(say("emptied_title"), null, views.calm({ words: say("emptied_words", { time: new Date(emptied).toLocaleString() }), verbs: [state.mustSignIn ? views.signInLink() : null] }), state.mustSignIn || !state.isOnline ? [] : views.toKeep({ act, message: state.refusal }));
  if (!state.isOnline) return show(say("offline_title"), null, views.calm({ words: (state.known ? say("locked_offline") : say("nothing_kept")) + more }));
  if (state.mustSignIn) return show(say("sign_in_title"), null, views.calm({ words: (state.known ? say("locked_words") : say("sign_in_words")) + more, verbs: [views.signInLink()] }));
  if (!state.known) return show(say("keep_title"), null, views.toKeep({ act, message: state.refusal, title: null }));
  return show(say("not_yours"), null, views.calm({ words: state.refusal || say("not_yours_words"), verbs: [h("button", { class: "btn", type: "button", onclick: act.wipe }, say("wipe"))] }));
}

const isTyping = () => /^#\/(log|edit|site|site-mend)\//.test(location.hash) && page.querySelector("form");

async function drawView(beneath) {
  isBeneath = beneath;
  state.known = await phone.meta();
  await frame();
  // What changes beneath an open form only moves the head and the bar.
  if (isBeneath && isTyping()) return null;
  if (location.pathname !== "/field/" || !state.kept) return locked();
  const [, name, number] = (location.hash || "#/").split("/");
  return (VIEWS[name] || missing)(number);
}

let drawing = Promise.resolve();
let isBeneath = false; // nobody asked for what is being drawn: something has changed
// One after the other: a view that is still being drawn never ends up over a later one. One that
// failed is told by itself and holds up none of those that follow.
function draw({ beneath = false } = {}) {
  drawing = drawing.catch(() => {}).then(() => drawView(beneath)).catch((error) => {
    if (!(error instanceof store.Locked)) throw error;
    state.kept = null;
    return locked();
  });
  return drawing;
}

async function redraw() {
  await lifted;
  await draw({ beneath: true });
}

// While much is sent, often enough to be followed and not so often that it holds the sending up.
const SOON = 400;
let pending = 0;
function redrawSoon() {
  pending = pending || setTimeout(() => { pending = 0; redraw(); }, SOON);
}

// Talking to the zone --------------------------------------------------------------------------
async function online(act_) {
  try {
    const result = await act_();
    state.isOnline = true;
    return result;
  } catch (error) {
    if (!(error instanceof phone.Offline)) throw error;
    state.isOnline = false;
    return null;
  }
}

async function fetchPackage() {
  const tag = await store.get("meta", "tag");
  const { status, data, headers } = await phone.call("GET", "/field/package", { headers: tag && state.kept ? { "If-None-Match": tag } : {} });
  state.mustSignIn = status === 401;
  if (status === 200) {
    await store.keepSealed("package", data);
    await store.put("meta", "tag", headers.get("ETag"));
    state.kept = data;
  } else if (status !== 304 && data) state.refusal = data.message;
  if (status === 200 || status === 304) { state.refusal = ""; state.fetched = Date.now(); }
}

async function fresh() {
  await phone.contact();
  state.known = await phone.meta();
  if (!state.known) return;
  const { status, message } = await phone.open();
  state.mustSignIn = status === 401 || status === 403;
  if (status !== 200) { state.refusal = state.mustSignIn ? "" : message || ""; return; }
  await fetchPackage();
  await fetchSites();
}

async function signedIn() {
  const { status } = await phone.call("GET", "/me");
  state.mustSignIn = status === 401;
}

function later() {
  clearTimeout(state.timer);
  state.timer = setTimeout(sending, state.pause * (0.75 + Math.random() / 2));
  state.pause = Math.min(state.pause * 2, LONGEST_PAUSE);
  navigator.serviceWorker.ready.then((worker) => worker.sync && worker.sync.register("field-send")).catch(() => {});
}

async function sending() {
  clearTimeout(state.timer);
  if (!(await phone.meta())) return;
  const why = await send();
  if (phone.zone.answers !== null) state.isOnline = navigator.onLine && phone.zone.answers;
  if (why === "later") later(); else state.pause = 1000;
  if (why === "sign-in") state.mustSignIn = true;
  await redraw();
}

async function forgetSent() {
  for (const entry of await entries()) if (entry.state === "sent" && Date.now() - entry.sent > REMEMBERED) await store.remove("queue", entry.id);
}

async function begin() {
  await phone.tell();
  state.known = await phone.meta();
  if (state.known && await phone.expire()) state.kept = null;
  else if (state.known) state.kept = await store.readSealed("package").catch((error) => { if (error instanceof store.Locked) return null; throw error; });
  await draw();
  await online(state.known ? fresh : signedIn);
  await redraw();
  if (state.known) { await forgetSent(); await sending(); }
}

async function back() {
  await online(state.known ? fresh : signedIn);
  state.pause = 1000;
  await sending();
  await redraw();
}

async function tick() {
  if (state.known && await phone.expire()) { state.kept = null; await draw(); }
  if (document.visibilityState === "visible" && Date.now() - state.fetched > FRESH) await back();
}

// A newer version of the app is whole on the phone and waits until it is wanted.
async function install() {
  const worker = await navigator.serviceWorker.register("/field-worker.js", { type: "module", updateViaCache: "none" });
  const waits = () => { if (worker.waiting && navigator.serviceWorker.controller) { state.newer = worker.waiting; redraw(); } };
  waits();
  worker.addEventListener("updatefound", () => worker.installing && worker.installing.addEventListener("statechange", waits));
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (state.newer) location.reload(); });
}

async function start() {
  await speak();
  window.addEventListener("hashchange", () => draw());
  window.addEventListener("pointerdown", holdStill, { passive: true });
  window.addEventListener("online", back);
  window.addEventListener("offline", () => { state.isOnline = false; redraw(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") back(); });
  new BroadcastChannel("xiaoer-field").addEventListener("message", ({ data }) => {
    if (data === "queue") redrawSoon();
    else if (!state.isLeaving) location.reload(); // another tab emptied the phone: nothing of it stays in this one's memory either
  });
  setInterval(tick, 60_000);
  await begin();
  if ("serviceWorker" in navigator) await install();
  root.dataset.ready = "yes";
}

start();
