// What the app shows: the day, a firm, what waits, the phone itself, and why there may be nothing.

import { ask, banner, body, card, clock, day, h, icon, light, pairs, say } from "./dom.js";
import * as store from "./store.js";
import { drop, queue, resultFor, SENDABLE, visitOf } from "./sync.js";

const link = (address, ...words) => h("a", { href: address }, ...words);
const button = (words, onclick, primary = false) => h("button", { class: primary ? "btn btn-primary" : "btn", type: "button", onclick }, words);

// The day ----------------------------------------------------------------------------------
function window_of(firm) {
  if (!firm.planned_on) return "";
  const times = [firm.from_time, firm.until_time].filter(Boolean).map((time) => time.slice(0, 5)).join("–");
  return `${day(firm.planned_on)} ${times}`.trim();
}

function toGo(firm, today) {
  const times = window_of(firm);
  return firm.planned_on === today ? times.replace(day(today), "").trim() || say("today") : times;
}

function reach(firm) {
  const place = firm.latitude !== null && firm.longitude !== null ? `geo:${firm.latitude},${firm.longitude}?q=${firm.latitude},${firm.longitude}` : null;
  return [
    place ? h("a", { class: "btn square", href: place }, icon("navigation", say("navigate_to", { firm: firm.name }))) : null,
    firm.contact_phone ? h("a", { class: "btn square", href: `tel:${firm.contact_phone}` }, icon("phone", say("call_firm", { firm: firm.name }))) : null,
  ];
}

function reasons(firm) {
  return [
    firm.reasons.map((reason) => h("span", { class: "reason" }, reason.light ? light(reason.light) : icon("clock"), reason.words)),
    firm.questions.slice(0, 1).map((question) => h("span", { class: "reason ask" }, icon("help-circle"), say("ask_too", { question: question.text }))),
  ];
}

function stop(firm, place, { isNext, isLogged, today }) {
  return h("li", { class: isNext ? "next" : null },
    h("span", { class: "place" }, isLogged ? icon("check", say("logged")) : String(place)),
    h("a", { class: "what", href: `#/firm/${firm.id}` }, firm.name),
    h("span", { class: "due" }, isLogged ? say("logged") : toGo(firm, today)),
    reasons(firm),
    isNext ? h("span", { class: "verbs" }, h("a", { class: "btn btn-primary", href: `#/log/${firm.id}` }, say("arrived")), reach(firm)) : null);
}

export function theDay({ kept, logged }) {
  const planned = kept.firms.filter((firm) => firm.planned_on === kept.day);
  const others = kept.firms.filter((firm) => firm.planned_on !== kept.day && !firm.absent);
  const absent = kept.firms.filter((firm) => firm.planned_on !== kept.day && firm.absent);
  const first = [...planned, ...others].find((firm) => !logged.has(firm.id));
  const list = (firms, from) => h("ol", { class: "stops" }, firms.map((firm, place) => stop(firm, from + place + 1, { isNext: firm === first, isLogged: logged.has(firm.id), today: kept.day })));
  if (!kept.firms.length) return [card(null, null, h("div", { class: "empty" }, icon("route"), h("p", {}, say("no_firms"))))];
  return [
    planned.length ? [h("div", { class: "section-head" }, h("h2", {}, say("today_n", { n: planned.length }))), h("div", { class: "card" }, list(planned, 0))] : null,
    others.length ? [h("div", { class: "section-head" }, h("h2", {}, say(planned.length ? "further_firms" : "order_of_visits")), h("span", { class: "side" }, say("n_firms", { n: others.length }))), h("div", { class: "card" }, list(others, planned.length))] : null,
    absent.map((firm) => h("p", { class: "aside-note" }, icon("player-pause"), h("span", {}, link(`#/firm/${firm.id}`, firm.name), "　", firm.absent))),
    kept.left_out ? h("p", { class: "aside-note" }, icon("player-pause"), h("span", {}, say("left_out", { n: kept.left_out }))) : null,
  ];
}

// A firm -----------------------------------------------------------------------------------
const row = (mark, what, due, who) => h("li", {}, mark, h("span", { class: "what" }, what), due ? h("span", { class: "due" }, due) : null, who ? h("span", { class: "who" }, who) : null);
const ruled = (title, rows, none) => h("section", { class: "card" },
  h("div", { class: "card-header" }, h("h2", {}, title)),
  rows.length ? h("ul", { class: "rows" }, rows) : h("div", { class: "card-body" }, h("p", { class: "support mb-0" }, none)));

export function theFirm({ firm }) {
  return [
    card(null, null, body(
      pairs([
        [say("contact"), [firm.contact_name, firm.contact_phone].filter(Boolean).join("　")],
        [say("address"), firm.address],
        [say("cell"), firm.cell],
        [say("planned"), window_of(firm)],
      ]),
      h("div", { class: "verbs mt-3" }, h("a", { class: "btn btn-primary", href: `#/log/${firm.id}` }, say("log_visit")), reach(firm)))),
    ruled(say("open_requests"), firm.requests.map((one) => row(light(one.light), one.title, one.remaining, [one.receipt_no, one.office].filter(Boolean).join(" · "))), say("no_requests")),
    ruled(say("questions"), firm.questions.map((one) => row(icon("help-circle"), one.text, null, one.why)), say("no_questions")),
    ruled(say("last_visits"), firm.visits.map((one) => row(null, day(one.visited_on), one.visitor, [one.met, one.said].filter(Boolean).join("：")))
      , say("no_visits")),
  ];
}

// What waits -------------------------------------------------------------------------------
async function shownEntry(entry, act) {
  const visit = await visitOf(entry);
  const result = await resultFor(entry);
  const state = { waiting: "grey", photos: "grey", sent: "green", clash: "amber", refused: "red" }[entry.state];
  const left = await store.photoCount(entry.id);
  const page = visit.kind === "check" ? `/acceptances/${visit.site.acceptance_id}/` : entry.visit_id && `/visits/${entry.visit_id}/`;
  const what = entry.state === "sent" && page ? link(page, visit.firm) : visit.firm;
  return h("li", { "data-state": entry.state },
    light(state), h("span", { class: "what" }, what), h("span", { class: "due" }, say(`state_${entry.state}`)),
    h("span", { class: "who" }, [day(visit.body.visited_on), visit.body.met, left ? say("n_photos", { n: left }) : null, visit.body.requests.length ? say("n_requests", { n: visit.body.requests.length }) : null].filter(Boolean).join(" · ")),
    told(entry, result),
    entry.state === "clash" ? h("div", { class: "who versus" }, versus(entry, visit, result, act)) : null,
    entry.state === "refused" ? h("div", { class: "who" }, h("p", { class: "text-red" }, result.message), h("div", { class: "verbs" }, h("a", { class: "btn small", href: visit.kind === "check" ? `#/site-mend/${entry.id}` : `#/edit/${entry.id}` }, say("mend")), dropButton(entry, act))) : null);
}

function told(entry, result) {
  if (!result || entry.state === "clash" || entry.state === "refused") return null;
  const words = [
    result.is_again ? say("was_there") : null, result.is_companion ? say("as_companion") : null,
    ...(result.told || []), ...(result.warnings || []),
    ...(result.filed || []).map((one) => say("filed", { number: one.receipt_no })),
    ...(result.photos || []).map((one) => say("photo_refused", { name: one.name, why: one.message })),
  ].filter(Boolean);
  const why = result.contact_to_explain ? link(`/contacts/${result.contact_to_explain}/?act=explain#act`, say("explain")) : null;
  const lines = why ? [...words, why] : words;
  return lines.length ? h("ul", { class: "who told" }, lines.map((one) => h("li", {}, one))) : null;
}

function dropButton(entry, act) {
  const drops = async () => { if (await ask(say("drop_sure"), say("drop"))) { await drop(entry.id); act.changed(); } };
  return h("button", { class: "btn small", type: "button", onclick: drops }, say("drop"));
}

// Side by side: what the phone says, what the zone has.
function versus(entry, visit, clash, act) {
  const choose = async (changes) => {
    await queue(entry.id, { ...visit, body: { ...visit.body, ...changes } });
    act.send();
  };
  if (clash.kind === "clock") return clockClash(entry, visit, clash, choose, act);
  const { other } = clash;
  const rows = [
    [say("visitor"), say("myself"), [other.visitor, other.office].filter(Boolean).join(" ")],
    [say("day_of_visit"), day(visit.body.visited_on), day(other.visited_on)],
    [say("met"), visit.body.met, other.met],
    [say("said"), visit.body.said || "–", other.said || "–"],
  ];
  return [
    h("p", {}, clash.message),
    h("table", { class: "table" },
      h("caption", { class: "visually-hidden" }, say("side_by_side")),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, say("what"))), h("th", { scope: "col" }, say("on_phone")), h("th", { scope: "col" }, say("there_already")))),
      h("tbody", {}, rows.map(([label, mine, theirs]) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, mine), h("td", {}, theirs))))),
    h("div", { class: "verbs" },
      act.officer === other.visitor ? null : button(say("join"), () => choose({ choice: "companion" }), true),
      button(say("separate"), () => choose({ choice: "separate" })),
      dropButton(entry, act)),
  ];
}

function clockClash(entry, visit, clash, choose, act) {
  const chosen = h("input", { class: "form-control w-auto", type: "date", value: clash.corrected_on || "", "aria-label": say("day_of_visit") });
  return [
    h("p", {}, clash.message),
    pairs([[say("day_by_phone"), day(clash.claimed_on)], [say("day_by_zone"), clash.corrected_on ? day(clash.corrected_on) : null]]),
    h("div", { class: "verbs mt-2" }, chosen, button(say("this_day"), () => chosen.value && choose({ visited_on: chosen.value, is_day_sure: true }), true), dropButton(entry, act)),
  ];
}

export async function theQueue({ entries, act, problem }) {
  const open = entries.filter((entry) => entry.state !== "sent");
  const sent = entries.filter((entry) => entry.state === "sent").reverse();
  const shown = (list) => Promise.all(list.map((entry) => shownEntry(entry, act)));
  const sendable = open.some((entry) => SENDABLE.includes(entry.state));
  return [
    problem,
    h("div", { class: "section-head" }, h("h2", {}, say("not_sent")), h("span", { class: "side" }, say("n_visits", { n: open.length }))),
    open.length ? h("div", { class: "card" }, h("ul", { class: "rows" }, await shown(open))) : h("div", { class: "card" }, h("div", { class: "empty" }, icon("cloud-check"), h("p", {}, say("nothing_waits")))),
    sendable ? h("div", { class: "verbs" }, button(say("send_now"), act.send, true)) : null,
    sent.length ? [h("div", { class: "section-head" }, h("h2", {}, say("sent"))), h("div", { class: "card" }, h("ul", { class: "rows" }, await shown(sent)))] : null,
  ];
}

// The phone --------------------------------------------------------------------------------
export function thePhone({ known, waiting, act }) {
  return [
    card(say("this_phone"), null, body(pairs([
      [say("name"), known.name], [say("officer"), known.officer],
      [say("kept_until"), known.until ? `${new Date(known.until).toLocaleDateString()} ${clock(known.until)}` : null],
      [say("waiting"), say("n_visits", { n: waiting })],
    ]))),
    card(say("leaving"), null, body(h("p", {}, say("leaving_words")), h("div", { class: "verbs" }, button(say("sign_out"), act.signOut), link("/field/devices/", say("all_phones"))))),
  ];
}

// Why there is nothing ----------------------------------------------------------------------
export function toKeep({ act, message, title = say("keep_title") }) {
  const name = h("input", { class: "form-control", id: "field-name", name: "name", maxlength: 60, required: true, value: say(/Android/.test(navigator.userAgent) ? "android" : /iPhone|iPad/.test(navigator.userAgent) ? "iphone" : "this_device") });
  const keeps = (event) => { event.preventDefault(); act.keep(name.value.trim()); };
  return [card(title, null, body(
    h("p", {}, say("keep_words")),
    h("form", { onsubmit: keeps }, h("div", { class: "fields" },
      h("div", { class: "field" }, h("label", { class: "form-label", for: "field-name" }, say("name")), name),
      h("div", { class: "form-error full", role: "alert" }, message || ""),
      h("div", { class: "form-end full" }, h("button", { class: "btn btn-primary", type: "submit" }, say("keep"))))))) ];
}

export const signInLink = () => h("a", { class: "btn btn-primary", href: "/accounts/login/?next=/field/" }, say("sign_in"));

export function calm({ title, words, verbs = [] }) {
  return [card(title, null, body(h("p", {}, words), h("div", { class: "verbs" }, verbs)))];
}
