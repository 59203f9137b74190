// The wall: its map and card, and how it keeps itself fresh. What the server rendered stays in sight
// whatever happens; a lost connection is said with the time of what is seen, and asked again later.
(() => {
  "use strict";
  const figure = document.querySelector("[data-wall]");
  if (!figure) return;
  const words = JSON.parse(document.getElementById("wall-words").textContent);
  const read = (from) => JSON.parse(from.getElementById("wall-data").textContent);
  const say = (phrase, values) => phrase.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const card = figure.querySelector("[data-card]");
  let data = read(document), written = document.getElementById("wall-data").textContent;

  // Card ---------------------------------------------------------------------------------------
  const addressOf = (id) => figure.dataset.project.replace(/\/0\//, `/${id}/`);
  const line = (label, value) => {
    if (value === null || value === undefined || value === "") return [];
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = label;
    told.textContent = value;
    return [term, told];
  };
  function show(id, bring = true) {
    const found = id === null ? null : data.features.find((feature) => feature.id === id);
    map.select(found ? id : null, bring);
    card.hidden = !found;
    if (!found) return;
    const told = found.properties;
    card.querySelector("[data-name]").textContent = told.name;
    card.querySelector("[data-light]").innerHTML = document.getElementById(`light-${told.light}`).innerHTML;
    card.querySelector("[data-why]").textContent = told.why;
    card.querySelector("[data-open]").href = addressOf(id);
    card.querySelector("dl").replaceChildren(
      ...line(words.owner, told.owner), ...line(words.stage, told.stage_name), ...line(words.leader, told.leader), ...line(words.officer, told.officer),
      ...line(words.promised, told.promised_on), ...line(words.likely, told.likely_on || told.forecast_on),
      ...line(words.percent, told.percent === null ? words.unknown : `${told.percent}%`),
    );
  }
  card.querySelector("[data-close]").addEventListener("click", () => { show(null); figure.focus(); });

  const map = window.xiaoerParcels.create(figure, {
    pick: (id) => show(id, false),
    keys: {
      n: () => show(map.next(1)), p: () => show(map.next(-1)), Escape: () => show(null),
      Enter: () => { if (!card.hidden) card.querySelector("[data-open]").focus(); },
    },
  });
  map.update(data.features, data.ground);
  performance.mark("wall-drawn");
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-show]");
    if (!asked) return;
    show(Number(asked.dataset.show));
    figure.scrollIntoView({ block: "nearest" });
    figure.focus({ preventScroll: true });
  });

  // Fresh --------------------------------------------------------------------------------------
  const every = Number(figure.dataset.every) * 1000;
  const WAITS = [5, 10, 20, 40, 60];
  const state = document.querySelector("[data-state]");
  let failed = 0, timer = 0, asking = false;
  const later = (milliseconds) => { clearTimeout(timer); timer = setTimeout(refresh, milliseconds); };
  const tell = (kind, text) => {
    state.dataset.state = kind;
    if (state.textContent !== text) state.textContent = text;
  };
  const clock = () => data.at_words;

  function take(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!fresh.getElementById("wall-data")) throw new Error("not the wall");
    fresh.querySelectorAll("[data-live]").forEach((part) => {
      const old = document.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!old || old.innerHTML === part.innerHTML) return;
      const before = new Map([...old.querySelectorAll("[data-figure]")].map((one) => [one.dataset.figure, one.textContent]));
      old.replaceChildren(...part.childNodes);
      old.querySelectorAll("[data-figure]").forEach((one) => {
        if (before.has(one.dataset.figure) && before.get(one.dataset.figure) !== one.textContent) mark(one);
      });
    });
    const next = fresh.getElementById("wall-data").textContent;
    const [was, is] = [data, read(fresh)];
    data = is;
    if (next !== written && JSON.stringify([was.features, was.ground]) !== JSON.stringify([is.features, is.ground])) map.update(is.features, is.ground);
    written = next;
  }
  const mark = (one) => { one.classList.add("is-changed"); setTimeout(() => one.classList.remove("is-changed"), 2000); };

  async function refresh() {
    if (asking) return;
    asking = true;
    const limit = new AbortController(), patience = setTimeout(() => limit.abort(), 20000);
    try {
      const answer = await fetch(figure.dataset.live, { redirect: "manual", cache: "no-store", signal: limit.signal, headers: { "X-Requested-With": "wall" } });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        tell("signed-out", say(words.signed_out, { time: clock() }));
        return later(60000);
      }
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.text());
      failed = 0;
      tell("fresh", say(words.fresh, { time: clock() }));
      later(every);
    } catch (_lost) {
      tell("lost", say(words.lost, { time: clock() }));
      later(WAITS[Math.min(failed, WAITS.length - 1)] * 1000 * (0.8 + 0.4 * Math.random()));
      failed += 1;
    } finally {
      clearTimeout(patience);
      asking = false;
    }
  }
  later(every);
  window.addEventListener("online", () => later(500));
  window.addEventListener("offline", () => { tell("lost", say(words.lost, { time: clock() })); });
})();
