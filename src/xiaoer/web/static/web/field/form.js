// Logging a visit at the gate: whom, what, what was asked for, photos. Kept as typed, sealed.

import { ask, banner, body, card, dayOf, h, icon, say } from "./dom.js";
import { prepare } from "./photos.js";
import * as store from "./store.js";
import { queue } from "./sync.js";

const MOST_REQUESTS = 3;
const MOST_STEPS = 3;
const MOST_PHOTOS = 10;
// From here on a phone's clock is wrong, and not only slow to answer.
const OFF = 10 * 60_000;
const PAUSE = 400;

const draftOf = (firm) => `draft:${firm}`;
export const clockIsOff = (known) => Math.abs(known.offset || 0) > OFF;

function newDraft(kept, known) {
  const off = clockIsOff(known);
  return {
    key: crypto.randomUUID(),
    values: { visited_on: dayOf(new Date(Date.now() + (off ? known.offset : 0))), programme: String(kept.programme || "") },
    is_day_sure: off,
    requests: 0,
    steps: 0,
  };
}

function field(name, label, control, { help, required } = {}) {
  control.id = `field-${name}`;
  control.name = name;
  control.setAttribute("aria-describedby", `error-${name}`);
  if (required) control.required = true;
  return h("div", { class: "field full" },
    h("label", { class: "form-label", for: control.id }, label, required ? null : h("span", { class: "optional" }, say("optional"))),
    control,
    help ? h("p", { class: "form-help" }, help) : null,
    h("p", { class: "error", id: `error-${name}` }));
}

const input = (type, attributes = {}) => h("input", { class: "form-control", type, ...attributes });
const area = (rows) => h("textarea", { class: "form-control", rows, maxlength: 4000 });

function choice(options, blank) {
  return h("select", { class: "form-select" }, blank ? h("option", { value: "" }, blank) : null, options.map(([value, words]) => h("option", { value }, words)));
}

function requestBlock(number, kept) {
  const name = (part) => `r${number}_${part}`;
  return h("details", { class: "full request", open: true },
    h("summary", { class: "form-label" }, say("request_n", { n: number })),
    h("div", { class: "fields" },
      field(name("title"), say("request_title"), input("text", { maxlength: 80 })),
      field(name("body"), say("request_body"), area(2)),
      field(name("kind"), say("request_kind"), choice(kept.kinds, say("not_sure"))),
      field(name("urgency"), say("request_urgency"), choice(kept.urgencies)),
      field(name("phone"), say("request_phone"), input("tel", { maxlength: 40 }))));
}

function stepBlock(number) {
  return h("div", { class: "full request" },
    field(`s${number}_what`, say("step_n", { n: number }), input("text", { maxlength: 120 })),
    field(`s${number}_on`, say("step_on"), input("date")));
}

export class VisitForm {
  constructor({ firm, kept, known, entry, visit, onQueued }) {
    Object.assign(this, { firm, kept, known, entry, visit, onQueued });
    this.timer = 0;
  }

  async element() {
    this.draft = this.visit
      ? { key: this.entry.id, values: this.visit.values, is_day_sure: this.visit.body.is_day_sure, requests: this.visit.requests, steps: this.visit.steps }
      : (await store.readSealed(draftOf(this.firm.id))) || newDraft(this.kept, this.known);
    this.saved = h("span", { class: "saved", "aria-live": "polite" });
    this.error = h("div", { class: "form-error full", role: "alert" });
    this.requests = h("div", { class: "full stack" });
    this.steps = h("div", { class: "full stack" });
    this.pictures = h("ul", { class: "photos full" });
    this.form = h("form", { novalidate: true, oninput: (event) => this.typed(event), onsubmit: (event) => this.submit(event) },
      h("div", { class: "fields" },
        clockIsOff(this.known) ? banner("amber", say("clock_off", { hours: Math.round(Math.abs(this.known.offset) / 3600_000) })) : null,
        field("met", say("met"), input("text", { maxlength: 120, value: this.firm.contact_name }), { required: true }),
        field("visited_on", say("day_of_visit"), input("date"), { required: true }),
        field("said", say("said"), area(4), { help: say("no_inspection") }),
        this.phrases(),
        this.answers(),
        this.questions(),
        field("programme", say("programme"), choice(this.kept.programmes), { required: true }),
        this.requests,
        h("div", { class: "full" }, h("button", { class: "btn", type: "button", onclick: () => this.addRequest() }, icon("plus"), say("add_request"))),
        this.steps,
        h("div", { class: "full" }, h("button", { class: "btn", type: "button", onclick: () => this.addStep() }, icon("plus"), say("add_step"))),
        this.photoField(),
        this.pictures,
        this.error,
        h("div", { class: "form-end full" }, h("button", { class: "btn btn-primary", type: "submit" }, say("keep_visit")), this.saved)));
    for (let number = 1; number <= this.draft.requests; number += 1) this.requests.append(requestBlock(number, this.kept));
    for (let number = 1; number <= this.draft.steps; number += 1) this.steps.append(stepBlock(number));
    this.fill();
    await this.showPhotos();
    return card(null, null, body(this.form));
  }

  phrases() {
    const { phrases } = this.kept;
    if (!phrases.length) return null;
    const add = (words) => {
      const said = this.form.elements.said;
      said.value = said.value ? `${said.value.trimEnd()}${/[。；，.;,]$/.test(said.value.trimEnd()) ? "" : "；"}${words}` : words;
      said.dispatchEvent(new Event("input", { bubbles: true }));
    };
    return h("div", { class: "chips full", role: "group", "aria-label": say("phrases") }, phrases.map((words) => h("button", { class: "chip", type: "button", onclick: () => add(words) }, words)));
  }

  // Questions of every visit: one tap each; nothing chosen is no answer.
  answers() {
    return this.kept.answers.map((question) => h("fieldset", { class: "field full" },
      h("legend", { class: "form-label" }, question.text, h("span", { class: "optional" }, say("optional"))),
      question.choices.length ? h("div", { class: "choices" }, question.choices.map(([value, words]) => h("label", { class: "choice" }, h("input", { type: "radio", name: `a_${question.id}`, value }), h("span", {}, words)))) : null,
      question.expects === "day" ? input("date", { name: `d_${question.id}`, "aria-label": question.text }) : null,
      question.expects === "words" ? input("text", { name: `w_${question.id}`, maxlength: 200, "aria-label": question.text }) : null));
  }

  questions() {
    // A paper is brought, not told.
    return this.firm.questions.filter((question) => question.expects !== "paper").map((question) => {
      const asked = field(`q_${question.id}`, question.text, this.control(question), { help: question.why });
      asked.append(h("label", { class: "check" }, h("input", { type: "checkbox", name: `n_${question.id}`, value: "yes", "aria-description": question.text, onchange: () => this.silence() }), h("span", {}, say("does_not_say"))));
      return asked;
    });
  }

  // Where the enterprise does not say there is no answer to type; un-ticked, what was typed is there again.
  silence() {
    for (const { id } of this.firm.questions) {
      const none = this.form.elements[`n_${id}`];
      if (none) this.form.elements[`q_${id}`].disabled = none.checked;
    }
  }

  control(question) {
    if (question.expects === "choice") return choice(question.choices.map((words) => [words, words]), say("not_answered"));
    if (question.expects === "yes_no") return choice([["yes", say("yes")], ["no", say("no")]], say("not_answered"));
    if (question.expects === "day") return input("date");
    return input("text", { inputmode: question.expects === "number" ? "decimal" : null, placeholder: question.unit || null, maxlength: 500 });
  }

  photoField() {
    const chosen = h("input", { class: "form-control", type: "file", accept: "image/*,.heic,.heif", multiple: true, onchange: (event) => this.addPhotos(event.target) });
    return field("photos", say("photos"), chosen, { help: say("photos_help") });
  }

  fill() {
    for (const [name, value] of Object.entries(this.draft.values)) {
      const control = this.form.elements[name];
      if (control && control.type === "checkbox") control.checked = true;
      else if (control && control.type !== "file") control.value = value; // a group of choices takes it too
    }
    this.silence();
  }

  values() {
    const found = {};
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") found[name] = value;
    return found;
  }

  typed(event) {
    if (event.target.name === "visited_on") this.draft.is_day_sure = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async save() {
    if (this.entry) return;
    this.draft.values = this.values();
    await store.keepSealed(draftOf(this.firm.id), this.draft);
    this.saved.textContent = say("saved", { time: new Date().toTimeString().slice(0, 5) });
  }

  addRequest() {
    if (this.draft.requests >= MOST_REQUESTS) return;
    this.draft.requests += 1;
    const block = requestBlock(this.draft.requests, this.kept);
    this.requests.append(block);
    block.querySelector("input").focus();
  }

  addStep() {
    if (this.draft.steps >= MOST_STEPS) return;
    this.draft.steps += 1;
    const block = stepBlock(this.draft.steps);
    this.steps.append(block);
    block.querySelector("input").focus();
  }

  async addPhotos(chosen) {
    const slot = this.form.querySelector("#error-photos");
    const problems = [];
    const kept = await store.photosOf(this.draft.key);
    let place = kept.reduce((most, photo) => Math.max(most, photo.place + 1), 0);
    for (const file of [...chosen.files]) {
      if (place >= MOST_PHOTOS) { problems.push(say("photo_too_many", { most: MOST_PHOTOS })); break; }
      const made = await prepare(file);
      if (made.problem) { problems.push(say(`photo_${made.problem}`, { name: file.name })); continue; }
      const id = crypto.randomUUID();
      const sealed = await store.sealBytes(`photo:${id}`, made.bytes);
      await store.put("photos", id, { id, log: this.draft.key, place, name: made.name, type: made.type, shown: false, ...sealed }, { durable: true });
      place += 1;
    }
    chosen.value = "";
    slot.textContent = problems.join(" ");
    await this.save();
    await this.showPhotos();
  }

  async showPhotos() {
    this.pictures.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    const photos = (await store.photosOf(this.draft.key)).sort((one, other) => one.place - other.place);
    const shown = await Promise.all(photos.map(async (photo) => {
      const bytes = await store.openBytes(`photo:${photo.id}`, photo);
      const image = h("img", { alt: photo.name, src: URL.createObjectURL(new Blob([bytes], { type: photo.type })) });
      const away = async () => {
        if (!(await ask(say("photo_away", { name: photo.name }), say("take_off")))) return;
        await store.remove("photos", photo.id);
        await this.showPhotos();
      };
      return h("li", {}, image, h("span", { class: "name" }, photo.name), h("button", { class: "btn small", type: "button", onclick: away }, say("take_off")));
    }));
    this.pictures.replaceChildren(...shown);
  }

  problems(values) {
    const wrong = {};
    if (!values.met.trim()) wrong.met = say("met_missing");
    if (!values.visited_on) wrong.visited_on = say("day_missing");
    if (!values.programme) wrong.programme = say("programme_missing");
    for (let number = 1; number <= this.draft.requests; number += 1) {
      if (values[`r${number}_body`] && !values[`r${number}_title`]) wrong[`r${number}_title`] = say("title_missing");
    }
    for (let number = 1; number <= this.draft.steps; number += 1) {
      if (values[`s${number}_what`] && !values[`s${number}_on`]) wrong[`s${number}_on`] = say("step_day_missing");
    }
    return wrong;
  }

  shownProblems(wrong) {
    this.form.querySelectorAll(".error").forEach((slot) => { slot.textContent = wrong[slot.id.slice(6)] || ""; });
    for (const control of this.form.elements) if (control.name) control.toggleAttribute("aria-invalid", control.name in wrong);
    const first = Object.keys(wrong)[0];
    if (first) { this.form.elements[first].setAttribute("aria-invalid", "true"); this.form.elements[first].focus(); }
    return Boolean(first);
  }

  requestsOf(values) {
    const found = [];
    for (let number = 1; number <= this.draft.requests; number += 1) {
      const part = (name) => (values[`r${number}_${name}`] || "").trim();
      if (!part("title")) continue;
      found.push({ title: part("title"), body: part("body") || part("title"), kind: part("kind") ? Number(part("kind")) : null, urgency: part("urgency") || "normal", contact_phone: part("phone") });
    }
    return found;
  }

  // Answers by the number of their question; what was left open is not sent.
  numbered(values, prefix) {
    return Object.entries(values).filter(([name, value]) => name.startsWith(prefix) && value.trim()).map(([name, value]) => [Number(name.slice(prefix.length)), value.trim()]);
  }

  async submit(event) {
    event.preventDefault();
    clearTimeout(this.timer);
    const values = this.values();
    if (this.shownProblems(this.problems(values))) return;
    const before = this.visit ? this.visit.body : {};
    const visit = {
      firm: this.firm.name,
      firm_id: this.firm.id,
      values,
      requests: this.draft.requests,
      steps: this.draft.steps,
      photos: (await store.photosOf(this.draft.key)).length,
      body: {
        claimed_at: before.claimed_at || new Date().toISOString(),
        party_id: this.firm.id,
        cell_id: this.firm.cell_id,
        programme: Number(values.programme),
        visited_on: values.visited_on,
        is_day_sure: this.draft.is_day_sure,
        met: values.met.trim(),
        said: values.said.trim(),
        requests: this.requestsOf(values),
        choice: before.choice || "",
        ...this.more(values),
      },
    };
    await queue(this.draft.key, visit);
    await store.remove("sealed", draftOf(this.firm.id));
    this.onQueued();
  }

  stepsOf(values) {
    const found = [];
    for (let number = 1; number <= this.draft.steps; number += 1) {
      const what = (values[`s${number}_what`] || "").trim();
      if (what) found.push({ what, due_on: values[`s${number}_on`] });
    }
    return found;
  }

  // What was heard: a choice tapped, else a day, else words.
  heard(values) {
    return this.kept.answers.map(({ id }) => ({ question: id, choice: Number(values[`a_${id}`]) || null, day: values[`d_${id}`] || null, words: (values[`w_${id}`] || "").trim() }))
      .filter((one) => one.choice || one.day || one.words);
  }

  more(values) {
    const told = [
      ...this.numbered(values, "q_").map(([question, answer]) => ({ question, answer })),
      ...this.numbered(values, "n_").map(([question]) => ({ question, is_declined: true })),
    ];
    return { answers: this.heard(values), steps: this.stepsOf(values), told };
  }
}
