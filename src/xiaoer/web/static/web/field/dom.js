// Elements, marks and words. Nothing here knows what is shown.

let phrases = {};
export const speak = (words) => { phrases = words; };
// An unknown key would be a mistake in this folder; it is shown, so that it is seen.
export const say = (key, values = {}) => (phrases[key] || key).replace(/%\((\w+)\)s/g, (_, name) => values[name]);

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function svg(attributes, ...children) {
  const made = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function icon(name, label) {
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons}#${name}`);
  return svg(label ? { class: "icon", role: "img", "aria-label": label } : { class: "icon", "aria-hidden": "true" }, use);
}

const SHAPES = {
  green: [["circle", { cx: 8, cy: 8, r: 5.5, class: "mark" }]],
  amber: [["path", { d: "M8 1.6 15.2 14.2H.8z", class: "mark" }], ["path", { d: "M8 6v4.2M8 11.6v1.4", class: "cut" }]],
  red: [["rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 1.5, class: "mark" }], ["path", { d: "M8 4v5M8 10.8v1.5", class: "cut" }]],
  grey: [["circle", { cx: 8, cy: 8, r: 5.7, class: "ring" }]],
};

// A light: its name is read aloud where no words stand beside it.
export function light(colour) {
  const shapes = SHAPES[colour].map(([tag, attributes]) => {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    return shape;
  });
  return svg({ class: `light ${colour}`, viewBox: "0 0 16 16", role: "img", "aria-label": say(`light_${colour}`) }, ...shapes);
}

export const banner = (colour, ...words) => h("div", { class: `banner ${colour}`, role: "status" }, colour ? light(colour) : null, h("p", {}, ...words));

export function card(title, side, ...children) {
  const head = title ? h("div", { class: "card-header bare" }, h("h2", {}, title), side ? h("div", { class: "side" }, side) : null) : null;
  return h("section", { class: "card" }, head, ...children);
}

export const body = (...children) => h("div", { class: "card-body" }, ...children);

export function pairs(rows) {
  return h("dl", { class: "pairs" }, rows.filter(([, words]) => words).map(([label, words]) => [h("dt", {}, label), h("dd", {}, words)]));
}

// A question before something that cannot be taken back; true for yes.
export function ask(words, yes, no) {
  return new Promise((done) => {
    const dialog = h("dialog", { "aria-labelledby": "ask-words" },
      h("p", { id: "ask-words" }, words),
      h("div", { class: "verbs" },
        h("button", { class: "btn", type: "button", onclick: () => dialog.close("no") }, no || say("go_back")),
        h("button", { class: "btn btn-primary", type: "button", onclick: () => dialog.close("yes") }, yes)));
    dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const two = (number) => String(number).padStart(2, "0");
export const dayOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
export const clock = (moment) => { const date = new Date(moment); return `${two(date.getHours())}:${two(date.getMinutes())}`; };

export function day(text) {
  const [year, month, date] = text.split("-").map(Number);
  const other = year === new Date().getFullYear() ? "day" : "day_of_year";
  return say(other, { year, month, date });
}
