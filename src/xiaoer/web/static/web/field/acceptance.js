// A day on a site: one's own department's part of a joint acceptance, signed without a network.
//
// What there is to sign is kept sealed like the enterprises of field work; what is signed waits in
// the same outbox and goes once, under its own key. The words come with what is kept.

import { body, card, day, dayOf, h, light, pairs, say } from "./dom.js";
import * as phone from "./phone.js";
import { prepare } from "./photos.js";
import * as store from "./store.js";
import { entries, queue, visitOf } from "./sync.js";

const KEPT = "acceptance";
const MOST = 20;
const MOST_PHOTOS = 10;

// Nobody of the asker's office goes to sites: nothing is kept, nothing is shown.
export async function fetchSites() {
  const { status, data } = await phone.call("GET", "/acceptance-field");
  if (status === 200) await store.keepSealed(KEPT, data);
}

export async function keptSites() {
  return (await store.readSealed(KEPT)) || { sites: [], words: {} };
}

// What waits in the outbox is not offered again.
async function signedHere() {
  const found = new Set();
  for (const entry of await entries()) {
    const visit = await visitOf(entry);
    if (visit.kind === "check" && entry.state !== "refused") found.add(visit.check_id);
  }
  return found;
}

export async function theSites() {
  const { sites, words } = await keptSites();
  const signed = await signedHere();
  if (!sites.length) return null;
  return card(words.sites, null, h("ul", { class: "rows" }, sites.flatMap((site) => site.checks.map((check) => h("li", {},
    light(signed.has(check.id) ? "green" : "grey"),
    signed.has(check.id) ? h("span", { class: "what" }, site.name) : h("a", { class: "what", href: `#/site/${check.id}` }, site.name),
    h("span", { class: "due" }, `${day(site.day)} ${site.starts_at.slice(0, 5)}`),
    h("span", { class: "who" }, [check.name, site.owner].filter(Boolean).join(" · ")))))));
}

function labelled(id, label, control) {
  control.id = id;
  return h("div", { class: "field full" }, h("label", { class: "form-label", for: id }, label), control);
}

const input = (type, attributes = {}) => h("input", { class: "form-control", type, ...attributes });

function select(options, blank) {
  return h("select", { class: "form-select" }, blank ? h("option", { value: "" }, blank) : null, options.map(([value, words]) => h("option", { value }, words)));
}

function defectBlock(number, check, words) {
  const made = {
    what: input("text", { maxlength: 500 }),
    clause: input("text", { maxlength: 200, value: check.clause }),
    due: input("date", { min: dayOf(new Date()) }),
    way: select([["site", words.way_site], ["papers", words.way_papers]]),
    photos: input("file", { accept: "image/*", multiple: true }),
    key: crypto.randomUUID(),
  };
  const block = h("details", { class: "full request", open: true }, h("summary", { class: "form-label" }, `${words.defect} ${number}`), h("div", { class: "fields" },
    labelled(`what-${number}`, words.defect, made.what), labelled(`clause-${number}`, words.clause, made.clause),
    labelled(`due-${number}`, words.due, made.due), labelled(`way-${number}`, words.way, made.way), labelled(`photos-${number}`, words.photos, made.photos)));
  return { ...made, block };
}

// All photographs of a part, sealed, each with the point it shows.
async function keepPhotos(log, defects) {
  let place = 0;
  for (const defect of defects) {
    for (const file of [...defect.photos.files].slice(0, MOST_PHOTOS)) {
      const made = await prepare(file);
      if (made.problem) return `${file.name}: ${say(made.problem)}`;
      const id = crypto.randomUUID();
      const sealed = await store.sealBytes(`photo:${id}`, made.bytes);
      place += 1;
      await store.put("photos", id, { id, log, place, name: made.name, type: made.type, shown: true, point: defect.key, ...sealed }, { durable: true });
    }
  }
  return "";
}

export async function theCheck({ checkId, onQueued }) {
  const { sites, words } = await keptSites();
  const site = sites.find((one) => one.checks.some((check) => check.id === checkId));
  if (!site) return null;
  const check = site.checks.find((one) => one.id === checkId);
  const defects = [];
  const blocks = h("div", { class: "full" });
  const error = h("div", { class: "form-error full", role: "alert" });
  const seen = h("textarea", { class: "form-control", rows: 3, maxlength: 1000 });
  const second = select(check.seconds.map((one) => [one.id, one.name]), words.choose);
  const more = () => {
    if (defects.length >= MOST) return;
    const made = defectBlock(defects.length + 1, check, words);
    defects.push(made);
    blocks.append(made.block);
  };
  const problem = (said) => {
    if (check.asks_two && !second.value) return words.second;
    const lacking = said.find((one) => !one.clause.value.trim() || !one.due.value);
    return lacking ? `${words.defect}: ${words.clause} · ${words.due}` : "";
  };
  const keep = async (event) => {
    event.preventDefault();
    const said = defects.filter((one) => one.what.value.trim());
    error.textContent = problem(said);
    if (error.textContent) return;
    const key = crypto.randomUUID();
    error.textContent = await keepPhotos(key, said);
    if (error.textContent) return;
    await queue(key, {
      kind: "check", check_id: check.id, firm: `${site.name} · ${check.name}`, firm_id: 0,
      body: {
        visited_on: dayOf(new Date()), met: "", requests: [], claimed_at: new Date().toISOString(),
        sign: {
          second_id: second.value ? Number(second.value) : null, words: seen.value.trim(), claimed_at: new Date().toISOString(),
          defects: said.map((one) => ({ what: one.what.value.trim(), clause: one.clause.value.trim(), due_on: one.due.value, way: one.way.value, key: one.key })),
        },
      },
    });
    onQueued();
  };
  return {
    title: site.name,
    note: check.name,
    element: [
      card(null, null, body(pairs([[words.owner, [site.owner, site.contact, site.phone].filter(Boolean).join(" · ")], [words.sites, `${day(site.day)} ${site.starts_at.slice(0, 5)}`], [words.guidance, site.guidance]]))),
      card(words.sign, null, body(h("p", {}, words.passes), h("form", { novalidate: true, onsubmit: keep }, h("div", { class: "fields" },
        check.asks_two ? labelled("second", words.second, second) : null,
        labelled("seen", words.seen, seen), blocks,
        h("div", { class: "full" }, h("button", { class: "btn", type: "button", onclick: more }, words.add_defect)),
        error, h("div", { class: "form-end full" }, h("button", { class: "btn btn-primary", type: "submit" }, words.sign)))))),
    ],
  };
}
