// What pages do beyond HTML and htmx. No framework; everything works without it, only slower.
(() => {
  "use strict";

  const root = document.documentElement;
  const { echarts: echartsAddress, leave: leaveAddress } = document.currentScript.dataset;
  const phrases = JSON.parse(document.getElementById("phrases").textContent);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const say = (phrase, values) => phrase.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const clock = (date) => date.toTimeString().slice(0, 5);

  // Toast ------------------------------------------------------------------------------------
  let toastTimer = 0;
  function toast(words, colour = "") {
    const box = document.getElementById("toast");
    box.className = `toast ${colour}`;
    box.textContent = words;
    box.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { box.hidden = true; }, 6000);
  }

  // Theme ------------------------------------------------------------------------------------
  function switchTheme() {
    const chosen = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = chosen;
    document.cookie = `theme=${chosen};path=/;max-age=31536000;samesite=lax`;
    drawCharts();
  }

  // Rows by keyboard -------------------------------------------------------------------------
  const ROWS = "[data-rows] tbody tr:not(.opened):not(.group), .rows[data-rows] > li";
  function moveRow(step) {
    const rows = all(ROWS).filter((row) => row.querySelector("a") && row.offsetParent);
    if (!rows.length) return false;
    const present = rows.findIndex((row) => row.classList.contains("chosen"));
    const next = Math.min(Math.max(present + step, 0), rows.length - 1);
    rows.forEach((row, place) => row.classList.toggle("chosen", place === next));
    rows[next].querySelector("a").focus();
    rows[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  const KEYS = {
    "/": () => { const find = document.getElementById("find"); if (find) find.focus(); return !!find; },
    "?": () => { document.getElementById("shortcuts").showModal(); return true; },
    j: () => moveRow(1),
    k: () => moveRow(-1),
  };
  function onKey(event) {
    if (event.key === "Escape") closeDrops(null);
    // Enter in a search within a form looks, as typing did already; it does not send the form.
    if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
    const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const inRows = event.target.closest("[data-rows]");
    const arrows = inRows ? { ArrowDown: KEYS.j, ArrowUp: KEYS.k } : {};
    const act = KEYS[event.key] || arrows[event.key];
    if (act && act()) event.preventDefault();
  }

  // Dialogs ----------------------------------------------------------------------------------
  function confirmThen(words, verb, go) {
    const dialog = document.getElementById("confirm");
    document.getElementById("confirm-words").textContent = words;
    const yes = dialog.querySelector("[value=yes]");
    if (verb) yes.textContent = verb;
    dialog.onclose = () => { if (dialog.returnValue === "yes") go(); };
    dialog.returnValue = "";
    dialog.showModal();
  }

  function closeDrops(except) {
    all("details.drop[open]").forEach((drop) => { if (drop !== except) drop.open = false; });
  }

  function onClick(event) {
    const target = event.target;
    closeDrops(target.closest("details.drop"));
    const within = (selector) => target.closest(selector);
    if (within("[data-theme-switch]")) switchTheme();
    if (within("[data-shortcuts]")) KEYS["?"]();
    if (within("[data-print]")) window.print();
    if (within("[aria-disabled=true]")) event.preventDefault();
    const answer = within("dialog button[value]");
    if (answer) answer.closest("dialog").close(answer.value);
    const phrase = within("[data-insert]");
    if (phrase) insertPhrase(phrase);
    const copied = within("[data-copy]");
    if (copied) navigator.clipboard.writeText(copied.dataset.copy).then(() => toast(phrases.copied));
  }

  // A common phrase goes where the writer is, with what was written around it.
  function insertPhrase(button) {
    const box = document.getElementById(button.dataset.into);
    box.setRangeText(button.dataset.insert, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }

  // Forms: saved as typed --------------------------------------------------------------------
  const shelf = (form) => `draft:${form.dataset.autosave}`;
  const typed = (form) => [...form.elements].filter(
    (field) => field.name && field.name !== "once" && !["hidden", "password", "file", "submit"].includes(field.type));
  const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

  function saveDraft(form) {
    const at = clock(new Date());
    const values = typed(form).map((field) => [field.name, isChoice(field) ? field.checked : field.value, field.value]);
    localStorage.setItem(shelf(form), JSON.stringify({ at, values }));
    const saved = form.querySelector("[data-saved]");
    if (saved) saved.textContent = say(phrases.saved, { time: at });
  }

  function restoreDraft(form) {
    const kept = localStorage.getItem(shelf(form));
    if (!kept) return;
    const { at, values } = JSON.parse(kept);
    typed(form).forEach((field) => {
      const found = values.find(([name, , value]) => name === field.name && (!isChoice(field) || value === field.value));
      if (!found) return;
      if (isChoice(field)) field.checked = found[1];
      else field.value = found[1];
    });
    const saved = form.querySelector("[data-saved]");
    if (saved) saved.textContent = say(phrases.restored, { time: at });
  }

  const timers = new WeakMap();
  function onInput(event) {
    const form = event.target.form;
    if (!form || !form.hasAttribute("data-autosave")) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => saveDraft(form), 500));
  }

  // Without htmx a second press within the same page must not send twice.
  function onSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  }

  // A phone that keeps field work is emptied before its officer signs out; what was not sent is said.
  async function onLeave(event) {
    const form = event.target;
    if (!form.matches("form[data-leave]") || !localStorage.getItem("field") || form.dataset.left) return;
    event.preventDefault();
    const field = await import(leaveAddress);
    const waiting = await field.waiting();
    const leave = async () => { await field.empty(); form.dataset.left = "yes"; form.submit(); };
    if (waiting) confirmThen(say(phrases.unsent, { count: waiting }), phrases.leave, leave);
    else await leave();
  }

  // Refusals: the words beside what caused them ----------------------------------------------
  function markErrors(form) {
    if (!form) return;
    let first = null;
    all("[id^=error-]", form).forEach((slot) => {
      const field = form.querySelector("#" + CSS.escape(slot.id.replace("error-", "field-")));
      if (!field) return;
      field.toggleAttribute("aria-invalid", slot.textContent.trim() !== "");
      if (slot.textContent.trim()) { field.setAttribute("aria-invalid", "true"); first = first || field; }
    });
    if (first) first.focus();
  }

  // The place for a field's error in this form: another form of the page may ask for the same name.
  function slotOf(form, id) {
    const named = form && form.querySelector('[name="' + CSS.escape(id.replace("error-", "")) + '"]');
    const told = named && (named.getAttribute("aria-describedby") || "").split(" ").find((one) => one.startsWith("error-"));
    return (told && form.querySelector("#" + CSS.escape(told))) || document.getElementById(id);
  }

  // The form again as a whole page, with its errors told beside its fields and in a summary.
  function showWhole(page) {
    const here = document.getElementById("page");
    if (!page || !here) return false;
    here.replaceWith(page);
    htmx.process(page);
    const first = page.querySelector("#error-summary") || page.querySelector("[aria-invalid]");
    if (first) first.focus();
    window.scrollTo(0, 0);
    return true;
  }

  // A refusal (422) goes where the door points (HX-Retarget), else above the verb, else in a note
  // at the foot of the window; texts of single fields come along as elements with their slot's id.
  function onRefusal(event) {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status !== 422) return;
    event.preventDefault();
    const form = requestConfig.elt.closest("form");
    const words = new DOMParser().parseFromString(xhr.responseText, "text/html").body;
    if (showWhole(words.querySelector("main#page"))) return;
    const wanted = xhr.getResponseHeader("HX-Retarget");
    const pointed = wanted && ((form && form.querySelector(wanted)) || document.querySelector(wanted));
    const slot = pointed || (form && form.querySelector("[data-form-error]"));
    if (form) all(".error, [data-form-error]", form).forEach((error) => error.replaceChildren());
    all("[id^=error-]", words).forEach((one) => {
      const place = slotOf(form, one.id);
      if (place) place.textContent = one.textContent;
      one.remove();
    });
    if (slot) slot.replaceChildren(...words.childNodes);
    else toast(words.textContent.trim(), "red");
    markErrors(form);
  }

  // Figures: a changed one is underlined for two seconds --------------------------------------
  let figures = new Map();
  const readFigures = () => new Map(all("[data-figure]").map((place) => [place.dataset.figure, place.textContent]));
  function underlineChanges() {
    all("[data-figure]").forEach((place) => {
      const before = figures.get(place.dataset.figure);
      if (before === undefined || before === place.textContent) return;
      place.classList.add("changed");
      setTimeout(() => place.classList.remove("changed"), 2000);
    });
  }

  // Rows that open ---------------------------------------------------------------------------
  function onRowOpen(event) {
    const opener = event.detail.elt;
    if (!opener.matches || !opener.matches("[data-row-open]")) return;
    const row = opener.closest("tr");
    const open = opener.getAttribute("aria-expanded") === "true";
    opener.setAttribute("aria-expanded", open ? "false" : "true");
    row.classList.toggle("chosen", !open);
    if (!open) return;
    event.preventDefault();
    while (row.nextElementSibling && row.nextElementSibling.classList.contains("opened")) row.nextElementSibling.remove();
  }

  // Charts -----------------------------------------------------------------------------------
  const token = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  const SERIES = ["series-1", "series-2", "series-3", "series-4"];

  function look() {
    const text = (name) => ({ color: token(name), fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily });
    return { text, line: token("line"), strong: token("line-strong"), ink: token("ink"), accent: token("accent"), context: token("context"), paper: token("paper") };
  }

  function axes(spec, is) {
    return {
      xAxis: { type: "category", data: spec.x, boundaryGap: spec.kind === "bars", axisTick: { show: false }, axisLine: { lineStyle: { color: is.strong } }, axisLabel: { ...is.text("ink-2"), hideOverlap: true, showMaxLabel: true, alignMinLabel: spec.kind === "trend" ? "left" : null } },
      yAxis: { type: "value", show: spec.kind !== "bars", axisLabel: is.text("ink-2"), splitNumber: 3, splitLine: { lineStyle: { color: is.line } } },
    };
  }

  function thresholdLine(thresholds, is) {
    return {
      silent: true, symbol: "none", lineStyle: { color: is.ink, type: "solid", width: 1.5 },
      data: thresholds.map((line) => ({ yAxis: line.value, label: { ...is.text("ink"), formatter: line.name, position: "insideStartTop" } })),
    };
  }

  // A forecast goes on where the series before it ends: same colour, and it carries the label.
  const goesOn = (series) => series && series.style === "forecast";
  function colourPlace(spec, place) {
    return spec.series.slice(1, place + 1).filter((series) => !goesOn(series)).length % SERIES.length;
  }

  function shortNumber(value) {
    const digits = Math.abs(value) >= 1000 ? 0 : 2;
    return Number(value).toLocaleString("en", { maximumFractionDigits: digits });
  }

  // What the widest label at the end of a line takes: a Chinese character is twice a digit.
  function endRoom(spec) {
    const width = (text) => [...text].reduce((sum, one) => sum + (one > "\u2e7f" ? 12 : 7.5), 0);
    const several = colourPlace(spec, spec.series.length - 1) > 0;
    const texts = spec.series.map((series) => {
      const known = series.values.filter((value) => value !== null);
      return [several ? series.name : "", known.length ? shortNumber(known[known.length - 1]) : ""].join(" ").trim();
    });
    return Math.max(76, 14 + Math.max(...texts.map(width)));
  }

  function endLabel(series, place, spec, colour, is) {
    const several = colourPlace(spec, spec.series.length - 1) > 0;
    const name = goesOn(series) ? spec.series[place - 1].name : series.name;
    const words = (point) => [several ? name : "", shortNumber(point.value)].join(" ").trim();
    return { show: !goesOn(spec.series[place + 1]), ...is.text("ink"), color: colour, fontWeight: 600, formatter: words };
  }

  function trendSeries(series, place, spec, is) {
    const colour = token(SERIES[colourPlace(spec, place)]);
    const dashed = ["estimated", "forecast"].includes(series.style);
    const last = series.values.reduce((found, value, at) => (value === null ? found : at), -1);
    const label = endLabel(series, place, spec, colour, is);
    const drawn = [{
      type: "line", name: series.name, data: series.values, animation: false, color: colour,
      symbol: "circle", symbolSize: (_value, point) => (label.show && point.dataIndex === last ? 6 : 0), showAllSymbol: true,
      lineStyle: { width: series.style === "reported" ? 1.2 : 2, type: dashed ? [4, 4] : "solid" },
      endLabel: label, labelLayout: { moveOverlap: "shiftY" },
      markLine: place === 0 && spec.thresholds ? thresholdLine(spec.thresholds, is) : undefined,
    }];
    if (!series.band) return drawn;
    const floor = { type: "line", stack: `band${place}`, silent: true, showSymbol: false, animation: false, lineStyle: { opacity: 0 } };
    return [
      ...drawn,
      { ...floor, data: series.band.map((pair) => pair && pair[0]) },
      { ...floor, data: series.band.map((pair) => pair && pair[1] - pair[0]), areaStyle: { color: colour, opacity: 0.14 } },
    ];
  }

  function barSeries(series, spec, is) {
    const point = new Set(spec.point || []);
    return [{
      type: "bar", name: series.name, animation: false, barCategoryGap: "30%", labelLayout: { hideOverlap: true },
      label: { show: true, position: "top", ...is.text("ink-2"), formatter: (bar) => (bar.value === null || bar.value === undefined ? "" : shortNumber(bar.value)) },
      data: series.values.map((value, place) => ({ value, itemStyle: { color: point.has(place) ? token("series-1") : is.context } })),
    }];
  }

  const OPTIONS = {
    trend: (spec, is) => ({ ...axes(spec, is), series: spec.series.flatMap((series, place) => trendSeries(series, place, spec, is)) }),
    bars: (spec, is) => ({ ...axes(spec, is), series: spec.series.flatMap((series) => barSeries(series, spec, is)) }),
    scatter: (spec, is) => ({
      xAxis: { type: "value", scale: true, axisLabel: is.text("ink-2"), splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: is.strong } } },
      yAxis: { type: "value", scale: true, axisLabel: is.text("ink-2"), splitLine: { lineStyle: { color: is.line } } },
      series: spec.series.map((series, place) => ({ type: "scatter", name: series.name, data: series.values, symbolSize: 7, animation: false, color: token(SERIES[place % SERIES.length]) })),
    }),
    flow: (spec, is) => ({
      series: [{ type: "sankey", data: spec.nodes, links: spec.links, animation: false, nodeWidth: 4, nodeGap: 14, left: 0, right: 120, itemStyle: { color: is.ink }, lineStyle: { color: token("series-1"), opacity: 0.3 }, label: is.text("ink") }],
    }),
  };

  function option(spec) {
    const is = look();
    const tooltip = { trigger: spec.kind === "flow" || spec.kind === "scatter" ? "item" : "axis", renderMode: "richText", backgroundColor: is.paper, borderColor: is.strong, borderWidth: 1, textStyle: is.text("ink"), axisPointer: { lineStyle: { color: is.strong } } };
    const grid = { left: 4, right: spec.kind === "trend" ? endRoom(spec) : 8, top: 24, bottom: 4, containLabel: true };
    return { animation: false, textStyle: is.text("ink-2"), grid, tooltip, aria: { enabled: true }, ...OPTIONS[spec.kind](spec, is) };
  }

  let library = null;
  function charts() {
    library = library || new Promise((ready, failed) => {
      const script = document.createElement("script");
      script.src = echartsAddress;
      script.onload = () => ready(window.echarts);
      script.onerror = failed;
      document.head.append(script);
    });
    return library;
  }

  async function drawCharts() {
    const places = all("[data-chart]");
    if (!places.length) return;
    const echarts = await charts();
    places.forEach((place) => {
      const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
      const label = place.getAttribute("aria-label");
      const drawing = echarts.getInstanceByDom(place) || echarts.init(place, null, { renderer: "canvas" });
      drawing.setOption(option(spec), true);
      place.setAttribute("aria-label", label);
      drawing.off("click");
      drawing.on("click", (event) => { const to = spec.open && spec.open[event.name]; if (to) window.location.assign(to); });
    });
  }

  function resizeCharts() {
    all("[data-chart]").forEach((place) => {
      const drawing = window.echarts && window.echarts.getInstanceByDom(place);
      if (drawing) drawing.resize();
    });
  }

  // htmx -------------------------------------------------------------------------------------
  function onConfirm(event) {
    const { question, elt, triggeringEvent } = event.detail;
    if (!question) return;
    event.preventDefault();
    const button = (triggeringEvent && triggeringEvent.submitter) || elt;
    confirmThen(question, button.textContent.trim(), () => event.detail.issueRequest(true));
  }

  // Before the answer is used: afterwards the form is gone, or the browser has moved on.
  function dropDraft(event) {
    const { xhr, requestConfig } = event.detail;
    const form = requestConfig.elt.closest("form[data-autosave]");
    if (!form || form !== requestConfig.elt || requestConfig.verb !== "post" || xhr.status >= 400) return;
    clearTimeout(timers.get(form));
    localStorage.removeItem(shelf(form));
  }

  // What is drawn anew by the clock stays while a finger is on it: no tap is lost, and the next round follows.
  const CLICK_FOLLOWS = 50;
  let pressed = null;
  const lift = () => setTimeout(() => { pressed = null; }, CLICK_FOLLOWS);
  function onSwap(event) {
    const { requestConfig, target } = event.detail;
    if (!requestConfig.triggeringEvent && pressed && target.contains(pressed)) event.detail.shouldSwap = false;
    else figures = readFigures();
  }

  function onSettled(event) {
    underlineChanges();
    ready(event.target);
    if (event.target.id === "page") event.target.focus({ preventScroll: true });
  }

  function onFailure(event) {
    const { xhr } = event.detail;
    const code = xhr.getResponseHeader("X-Request-Id") || xhr.status;
    toast(say(phrases.failed, { code }), "red");
  }

  function ready(part) {
    all("form[data-autosave]", part).forEach(restoreDraft);
    drawCharts();
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("submit", onLeave);
  document.addEventListener("submit", onSubmit);
  window.addEventListener("resize", resizeCharts);
  document.addEventListener("htmx:confirm", onConfirm);
  document.addEventListener("htmx:beforeRequest", onRowOpen);
  document.addEventListener("pointerdown", (event) => { pressed = event.target; });
  document.addEventListener("pointerup", lift);
  document.addEventListener("pointercancel", lift);
  document.addEventListener("htmx:beforeSwap", onSwap);
  document.addEventListener("htmx:beforeOnLoad", (event) => { dropDraft(event); onRefusal(event); });
  document.addEventListener("htmx:responseError", onFailure);
  document.addEventListener("htmx:sendError", () => toast(phrases.offline, "red"));
  document.addEventListener("htmx:afterSettle", onSettled);
  ready(document);
})();
