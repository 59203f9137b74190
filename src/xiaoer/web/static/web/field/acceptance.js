// A day on a site: one's own department's part of a joint acceptance, signed without a network.
//
// What there is to sign is kept sealed like the enterprises of field work; what is signed waits in
// the same outbox and goes once, under its own key. The words come with what is kept.

import { ask, banner, body, card, day, dayOf, h, light, pairs, say } from "./dom.js";
import * as phone from "./phone.js";
import { prepare } from "./photos.js";
import * as store from "./store.js";
import { entries, queue, resultFor, visitOf } from "./sync.js";

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

// What waits in the outbox is not offered again; what was refused leads to where it is mended.
async function signedHere() {
  const found = new Map();
  for (const entry of await entries()) {
    const visit = await visitOf(entry);
    if (visit.kind === "check") found.set(visit.check_id, entry);
  }
  return found;
}

function siteRow(site, check, entry) {
  const address = !entry ? `#/site/${check.id}` : entry.state === "refused" ? `#/site-mend/${entry.id}` : null;
  return h("li", {},
    light(!entry ? "grey" : entry.state === "refused" ? "red" : "green"),
    address ? h("a", { class: "what", href: address }, site.name) : h("span", { class: "what" }, site.name),
    h("span", { class: "due" }, `${day(site.day)} ${site.starts_at.slice(0, 5)}`),
    h("span", { class: "who" }, [check.name, site.owner].filter(Boolean).join(" · ")));
}

export async function theSites() {
  const { sites, words } = await keptSites();
  if (!sites.length) return null;
  const signed = await signedHere();
  return card(words.sites, null, h("ul", { class: "rows" }, sites.flatMap((site) => site.checks.map((check) => siteRow(site, check, signed.get(check.id))))));
}

function labelled(id, label, control) {
  control.id = id;
  return h("div", { class: "field full" }, h("label", { class: "form-label", for: id }, label), control);
}

const input = (type, attributes = {}) => h("input", { class: "form-control", type, ...attributes });

function select(options, blank) {
  return h("select", { class: "form-select" }, blank ? h("option", { value: "" }, blank) : null, options.map(([value, words]) => h("option", { value }, words)));
}

function defectBlock(number, said, words, kept) {
  const made = {
    what: input("text", { maxlength: 500, value: said.what }),
    clause: input("text", { maxlength: 200, value: said.clause }),
    due: input("date", { min: dayOf(new Date()), value: said.due_on }),
    way: select([["site", words.way_site], ["papers", words.way_papers]]),
    photos: input("file", { accept: "image/*", multiple: true }),
    key: said.key,
  };
  made.way.value = said.way;
  const block = h("details", { class: "full request", open: true }, h("summary", { class: "form-label" }, `${words.defect} ${number}`), h("div", { class: "fields" },
    labelled(`what-${number}`, words.what, made.what), labelled(`clause-${number}`, words.clause, made.clause),
    labelled(`due-${number}`, words.due, made.due), labelled(`way-${number}`, words.way, made.way), labelled(`photos-${number}`, words.photos, made.photos),
    kept.length ? h("div", { class: "full" }, keptPhotos(kept)) : null));
  return { ...made, block };
}

// Photographs of a part that comes back: they are still on the phone, each may be taken off.
function keptPhotos(photos) {
  return h("ul", { class: "rows" }, photos.map((photo) => {
    const row = h("li", {}, h("span", { class: "what" }, photo.name));
    const away = async () => {
      if (!(await ask(say("photo_away", { name: photo.name }), say("take_off")))) return;
      await store.remove("photos", photo.id);
      row.remove();
    };
    row.append(h("button", { class: "btn small", type: "button", onclick: away }, say("take_off")));
    return row;
  }));
}

// Photographs made ready, each with the point it shows; or what is wrong with one, and then none is kept.
async function readied(defects) {
  const photos = [];
  for (const defect of defects) {
    const files = [...defect.photos.files];
    if (files.length > MOST_PHOTOS) return { problem: say("photo_too_many", { most: MOST_PHOTOS }) };
    for (const file of files) {
      const made = await prepare(file);
      if (made.problem) return { problem: say(`photo_${made.problem}`, { name: file.name }) };
      photos.push({ ...made, point: defect.key });
    }
  }
  return { photos };
}

// Sealed under the part they belong to; those of a point that was taken out go.
async function keepPhotos(log, photos, defects) {
  const before = await store.photosOf(log);
  const points = new Set(defects.map((one) => one.key));
  for (const old of before) if (!points.has(old.point)) await store.remove("photos", old.id);
  let place = before.reduce((most, photo) => Math.max(most, photo.place), 0);
  for (const { name, type, bytes, point } of photos) {
    const id = crypto.randomUUID();
    const sealed = await store.sealBytes(`photo:${id}`, bytes);
    place += 1;
    await store.put("photos", id, { id, log, place, name, type, shown: true, point, ...sealed }, { durable: true });
  }
}

// What is typed is kept as it is typed: a call at the door, or a phone without power, loses no word.
const draftOf = (checkId) => `check:${checkId}`;
const fresh = (check) => ({ what: "", clause: check.clause, due_on: "", way: "site", key: crypto.randomUUID() });

class CheckForm {
  constructor({ site, check, words, said, entry, photos, onQueued }) {
    Object.assign(this, { site, check, words, entry, photos, onQueued, defects: [], key: entry ? entry.id : crypto.randomUUID() });
    this.blocks = h("div", { class: "full" });
    this.error = h("div", { class: "form-error full", role: "alert" });
    this.seen = h("textarea", { class: "form-control", rows: 3, maxlength: 1000 });
    this.second = select(check.seconds.map((one) => [one.id, one.name]), words.choose);
    this.seen.value = said.words;
    this.second.value = said.second_id || "";
    for (const one of said.defects) this.add(one);
  }

  add(said) {
    if (this.defects.length >= MOST) return;
    const made = defectBlock(this.defects.length + 1, said, this.words, this.photos.filter((photo) => photo.point === said.key));
    this.defects.push(made);
    this.blocks.append(made.block);
  }

  more() {
    this.add(fresh(this.check));
    this.defects.at(-1).what.focus();
    this.typed();
  }

  // As it is sent; points without words are none.
  said(defects) {
    return {
      second_id: this.second.value ? Number(this.second.value) : null, words: this.seen.value.trim(),
      defects: defects.map((one) => ({ what: one.what.value.trim(), clause: one.clause.value.trim(), due_on: one.due.value, way: one.way.value, key: one.key })),
    };
  }

  async typed() {
    if (!this.entry) await store.keepSealed(draftOf(this.check.id), this.said(this.defects));
  }

  problem(defects) {
    if (this.check.asks_two && !this.second.value) return [this.words.needs_second, this.second];
    for (const [place, one] of this.defects.entries()) {
      const number = place + 1;
      if (!defects.includes(one)) {
        if (one.photos.files.length) return [`${this.words.defect} ${number}: ${this.words.needs_what}`, one.what];
      } else if (!one.clause.value.trim()) return [`${this.words.defect} ${number}: ${this.words.needs_clause}`, one.clause];
      else if (!one.due.value) return [`${this.words.defect} ${number}: ${this.words.needs_due}`, one.due];
    }
    return null;
  }

  refuse(message, control) {
    this.error.textContent = message;
    control.setAttribute("aria-invalid", "true");
    control.focus();
  }

  async keep(event) {
    event.preventDefault();
    if (this.isKeeping) return;
    this.isKeeping = true;
    try {
      await this.kept();
    } finally {
      this.isKeeping = false;
    }
  }

  async kept() {
    for (const control of this.form.elements) control.removeAttribute("aria-invalid");
    const defects = this.defects.filter((one) => one.what.value.trim());
    const wrong = this.problem(defects);
    if (wrong) {
      this.refuse(...wrong);
      return;
    }
    const { photos, problem } = await readied(defects);
    this.error.textContent = problem || "";
    if (problem) return;
    await keepPhotos(this.key, photos, defects);
    const now = new Date();
    const { site, check } = this;
    await queue(this.key, {
      kind: "check", check_id: check.id, site, check, firm: `${site.name} · ${check.name}`, firm_id: 0,
      body: { visited_on: dayOf(now), met: "", requests: [], sign: { ...this.said(defects), claimed_at: now.toISOString() } },
    });
    await store.remove("sealed", draftOf(check.id));
    this.onQueued();
  }

  element() {
    const { words } = this;
    this.form = h("form", { novalidate: true, onsubmit: (event) => this.keep(event), oninput: () => this.typed() }, h("div", { class: "fields" },
      this.check.asks_two ? labelled("second", words.second, this.second) : null,
      labelled("seen", words.seen, this.seen), this.blocks,
      h("div", { class: "full" }, h("button", { class: "btn", type: "button", onclick: () => this.more() }, words.add_defect)),
      this.error, h("div", { class: "form-end full" }, h("button", { class: "btn btn-primary", type: "submit" }, words.sign))));
    return this.form;
  }
}

function shown({ site, check, words, form, told }) {
  return {
    title: site.name,
    note: check.name,
    element: [
      told ? banner("red", told) : null,
      card(null, null, body(pairs([[words.owner, [site.owner, site.contact, site.phone].filter(Boolean).join(" · ")], [words.sites, `${day(site.day)} ${site.starts_at.slice(0, 5)}`], [words.guidance, site.guidance]]))),
      card(words.sign, null, body(h("p", {}, words.passes), form.element())),
    ],
  };
}

const partOf = (sites, checkId) => {
  for (const site of sites) {
    const check = site.checks.find((one) => one.id === checkId);
    if (check) return { site, check };
  }
  return null;
};

export async function theCheck({ checkId, onQueued }) {
  const { sites, words } = await keptSites();
  const part = partOf(sites, checkId);
  if (!part) return null;
  const said = (await store.readSealed(draftOf(checkId))) || { second_id: null, words: "", defects: [] };
  return shown({ ...part, words, form: new CheckForm({ ...part, words, said, photos: [], onQueued }) });
}

// A part that was refused, with why; sent again it is the same part, under its own key.
export async function theRefused({ entry, onQueued }) {
  const { sites, words } = await keptSites();
  const visit = await visitOf(entry);
  const part = partOf(sites, visit.check_id) || { site: visit.site, check: visit.check };
  const { message } = await resultFor(entry);
  const form = new CheckForm({ ...part, words, said: visit.body.sign, entry, photos: await store.photosOf(entry.id), onQueued });
  return shown({ ...part, words, form, told: message });
}
