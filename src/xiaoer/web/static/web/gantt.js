// The portfolio on one scale of time. Only rows in sight are in the page, so that three hundred projects
// with sixty steps each scroll as smoothly as ten; before printing all of them are.
(() => {
  "use strict";
  const view = document.querySelector("[data-gantt]");
  if (!view) return;
  const data = JSON.parse(document.getElementById("gantt-data").textContent);
  const words = JSON.parse(document.getElementById("gantt-words").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const ROW = 32, SPARE = 6, DAY = 86400000;
  const CRITICAL = 1, OURS = 2, HELD = 4, DONE = 8, STONE = 16;
  const base = Date.parse(`${data.base}T00:00:00Z`);
  const side = () => (window.matchMedia("(max-width: 639px)").matches ? 140 : 240);
  const addressOf = (id) => view.dataset.project.replace(/\/0\//, `/${id}/`);
  const dayOf = (day) => new Date(base + day * DAY);
  const told = (day) => (day === null ? "–" : dayOf(day).toISOString().slice(0, 10));
  const say = (phrase, values) => phrase.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

  const ends = (row) => [row.promised, row.forecast, row.likely, ...row.steps.map((step) => step[2])].filter((day) => day !== null);
  const starts = (row) => row.steps.map((step) => step[1]);
  data.rows.forEach((row) => {
    row.from = row.steps.length ? Math.min(...starts(row)) : null;
    row.until = row.steps.length ? Math.max(...row.steps.map((step) => step[2])) : row.forecast;
    row.stones = row.steps.filter((step) => step[3] & STONE);
  });
  const last = Math.max(data.today + 180, ...data.rows.flatMap(ends)) + 20;
  // What is seen first: the half-year before today onward. What began earlier lies to the left.
  const opening = Math.max(data.today - 214, 0);
  const seen = () => Math.max((view.clientWidth - side() - 8) / (last - opening), 0.4);
  const whole = () => Math.max((view.clientWidth - side() - 8) / last, 0.4);
  let scale = 0, lines = [], active = 0, frame = 0, drawn = new Map();
  const open = new Set();

  const space = document.createElement("div");
  space.className = "gantt-space";
  const head = document.createElement("div");
  head.className = "gantt-head";
  head.setAttribute("aria-hidden", "true");
  view.replaceChildren(head, space);

  const make = (name, attributes, parent) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (parent) parent.append(made);
    return made;
  };
  const x = (day) => (day * scale).toFixed(1);

  // Months; where they are narrow only quarters or years are named.
  function months() {
    const found = [];
    for (let at = new Date(base); ; at.setUTCMonth(at.getUTCMonth() + 1)) {
      const day = Math.round((at - base) / DAY);
      if (day > last) return found;
      found.push({ day, year: at.getUTCFullYear(), month: at.getUTCMonth() + 1 });
    }
  }
  const calendar = months();
  function drawHead() {
    const width = last * scale;
    head.innerHTML = "";
    head.style.width = `${width + side()}px`;
    const corner = document.createElement("span");
    corner.className = "corner";
    corner.textContent = words.projects;
    const svg = make("svg", { class: "scale", width, height: 34 });
    const step = scale * 30 > 44 ? 1 : scale * 90 > 44 ? 3 : 12;
    calendar.forEach(({ day, year, month }) => {
      if ((month - 1) % step) return;
      const text = make("text", { x: Number(x(day)) + 3, y: 22 }, svg);
      text.textContent = month === 1 || day === 0 ? `${year}-${String(month).padStart(2, "0")}` : String(month);
      make("line", { x1: x(day), x2: x(day), y1: 24, y2: 34, stroke: "currentColor" }, svg);
    });
    const now = make("text", { x: x(data.today), y: 11, class: "today", "text-anchor": "middle" }, svg);
    now.textContent = words.today;
    head.append(corner, svg);
  }

  function rows() {
    lines = [];
    data.rows.forEach((row) => {
      lines.push({ row });
      if (open.has(row.id)) row.steps.forEach((step) => lines.push({ row, step }));
    });
    space.style.height = `${lines.length * ROW}px`;
    space.style.width = `${last * scale + side()}px`;
    view.setAttribute("aria-rowcount", lines.length);
  }

  function bars(svg, { row, step }) {
    const grid = make("g", { class: "gantt-lines" }, svg);
    calendar.forEach(({ day, month }) => { if (month === 1) make("line", { x1: x(day), x2: x(day), y1: 0, y2: ROW }, grid); });
    make("line", { class: "today", x1: x(data.today), x2: x(data.today), y1: 0, y2: ROW }, grid);
    if (step) {
      const [, from, until, flags, share] = step;
      const width = Math.max((until - from + 1) * scale, 2);
      const box = { x: x(from), y: 9, width: width.toFixed(1), height: 13 };
      make("rect", { ...box, class: `step${flags & DONE ? " done" : flags & CRITICAL ? " critical" : ""}` }, svg);
      if (flags & OURS && !(flags & DONE)) make("rect", { ...box, class: "ours" }, svg);
      if (share > 0 && share < 100) make("rect", { ...box, width: ((width * share) / 100).toFixed(1), height: 4, class: "step done" }, svg);
      if (flags & HELD) make("rect", { ...box, class: "held" }, svg);
      return;
    }
    if (row.from !== null && row.until !== null) {
      make("rect", { class: "span", x: x(row.from), y: 12, width: Math.max((row.until - row.from + 1) * scale, 2).toFixed(1), height: 8 }, svg);
      if (row.promised !== null && row.until > row.promised) make("line", { class: "late", x1: x(row.promised), x2: x(row.until + 1), y1: 24, y2: 24 }, svg);
      else if (row.promised !== null) make("line", { class: "slack", x1: x(row.until + 1), x2: x(row.promised), y1: 16, y2: 16 }, svg);
    }
    row.stones.forEach((stone) => { const at = stone[2] * scale; make("path", { class: "stone", d: `M${at} 10l6 6-6 6-6-6z` }, svg).append(title(`${data.names[stone[0]]} ${told(stone[2])}`)); });
    if (row.promised !== null) make("line", { class: "promised", x1: x(row.promised + 1), x2: x(row.promised + 1), y1: 4, y2: 28 }, svg);
    if (row.likely !== null) make("line", { class: "likely", x1: x(row.likely + 1), x2: x(row.likely + 1), y1: 4, y2: 28 }, svg);
  }
  function title(text) { const made = document.createElementNS(SVG, "title"); made.textContent = text; return made; }

  function build(line, place) {
    const { row, step } = line;
    const made = document.createElement("div");
    made.className = `gantt-row${step ? " is-step" : ""}${place === active ? " is-active" : ""}`;
    made.id = `gantt-${place}`;
    made.setAttribute("role", "row");
    made.setAttribute("aria-rowindex", place + 1);
    made.setAttribute("aria-level", step ? 2 : 1);
    made.style.top = `${place * ROW}px`;
    const label = document.createElement("div");
    label.className = "label";
    label.setAttribute("role", "rowheader");
    if (step) label.innerHTML = '<span class="words"></span>';
    else {
      made.setAttribute("aria-expanded", open.has(row.id));
      label.append(document.getElementById("gantt-row").content.cloneNode(true));
      label.querySelector("[data-light]").innerHTML = document.getElementById(`light-${row.light}`).innerHTML;
      const fold = label.querySelector("button");
      fold.hidden = !row.steps.length;
      fold.setAttribute("aria-label", say(words.steps, { name: row.name }));
      fold.dataset.fold = row.id;
      label.querySelector("a").href = addressOf(row.id);
    }
    label.querySelector(".words").textContent = step ? data.names[step[0]] : row.name;
    const cell = document.createElement("div");
    cell.setAttribute("role", "gridcell");
    const svg = make("svg", { class: "scale", width: last * scale, height: ROW, role: "img", "aria-label": step
      ? say(words.step, { since: told(step[1]), until: told(step[2]), share: step[4] })
      : say(words.row, { promised: told(row.promised), until: told(row.until), likely: told(row.likely) }) });
    bars(svg, line);
    cell.append(svg);
    made.append(label, cell);
    return made;
  }

  function draw(all = false) {
    frame = 0;
    const first = all ? 0 : Math.max(Math.floor(view.scrollTop / ROW) - SPARE, 0);
    const until = all ? lines.length : Math.min(Math.ceil((view.scrollTop + view.clientHeight) / ROW) + SPARE, lines.length);
    drawn.forEach((made, place) => { if (place < first || place >= until) { made.remove(); drawn.delete(place); } });
    for (let place = first; place < until; place += 1) {
      if (drawn.has(place)) continue;
      const made = build(lines[place], place);
      drawn.set(place, made);
      space.append(made);
    }
  }
  const soon = () => { if (!frame) frame = requestAnimationFrame(() => draw()); };
  function again() {
    drawn.forEach((made) => made.remove());
    drawn = new Map();
    rows();
    draw();
  }
  function zoom(to) {
    const middle = (view.scrollLeft + (view.clientWidth - side()) / 2) / (scale || 1);
    scale = Math.min(Math.max(to, whole()), 14);
    drawHead();
    again();
    view.scrollLeft = middle * scale - (view.clientWidth - side()) / 2;
  }

  function toggle(id, wanted = !open.has(id)) {
    if (wanted) open.add(id); else open.delete(id);
    active = lines.findIndex((line) => !line.step && line.row.id === id);
    again();
    point(active);
  }
  function point(place) {
    active = Math.min(Math.max(place, 0), lines.length - 1);
    if (active * ROW < view.scrollTop) view.scrollTop = active * ROW;
    if ((active + 1) * ROW > view.scrollTop + view.clientHeight - 40) view.scrollTop = (active + 1) * ROW - view.clientHeight + 40;
    draw();
    drawn.forEach((made, at) => made.classList.toggle("is-active", at === active));
    view.setAttribute("aria-activedescendant", `gantt-${active}`);
  }
  const KEYS = {
    ArrowDown: () => point(active + 1), ArrowUp: () => point(active - 1), PageDown: () => point(active + 12), PageUp: () => point(active - 12),
    Home: () => point(0), End: () => point(lines.length - 1),
    ArrowRight: () => toggle(lines[active].row.id, true), ArrowLeft: () => toggle(lines[active].row.id, false),
    Enter: () => window.location.assign(addressOf(lines[active].row.id)),
    "+": () => zoom(scale * 1.5), "=": () => zoom(scale * 1.5), "-": () => zoom(scale / 1.5), 0: () => zoom(0),
  };
  view.addEventListener("keydown", (event) => {
    if (event.target !== view || !lines.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  });
  view.addEventListener("scroll", soon, { passive: true });
  view.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold]");
    if (fold) toggle(Number(fold.dataset.fold));
  });
  document.querySelectorAll("[data-gantt-zoom]").forEach((button) => button.addEventListener("click", () => {
    ({ in: () => zoom(scale * 1.5), out: () => zoom(scale / 1.5), whole: () => zoom(0) })[button.dataset.ganttZoom]();
  }));
  // On paper rows stand one below the other, in their order.
  window.addEventListener("beforeprint", () => {
    zoom(0);
    draw(true);
    space.append(...[...drawn.keys()].sort((a, b) => a - b).map((place) => drawn.get(place)));
  });
  window.addEventListener("afterprint", again);
  new ResizeObserver(() => { if (view.clientWidth) zoom(scale); }).observe(view);
  zoom(seen());
  view.scrollLeft = opening * scale;
  performance.mark("gantt-drawn");
})();
