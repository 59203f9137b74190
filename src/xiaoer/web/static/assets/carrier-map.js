// Parcels and buildings on a map: a click or n and p choose one, Enter opens it. The same stand in lists.
(() => {
  "use strict";
  const figure = document.querySelector("[data-carriers]");
  if (!figure || !window.xiaoerParcels) return;
  const data = JSON.parse(document.getElementById("carrier-data").textContent);
  const card = figure.querySelector("[data-card]");
  const of = new Map(data.features.map((one) => [one.id, one.properties]));
  let chosen = null;
  const part = (name) => card.querySelector(`[data-${name}]`);

  function show(id) {
    chosen = of.has(id) ? id : null;
    map.select(chosen);
    card.hidden = chosen === null;
    if (chosen === null) return;
    const one = of.get(chosen);
    part("name").textContent = one.short;
    part("why").textContent = one.why;
    part("open").href = one.open;
    const light = document.getElementById(`light-${one.light}`);
    part("light").replaceChildren(light ? light.content.cloneNode(true) : "");
  }
  // Halls of one park are called by what their names begin with, and by how many they are.
  const gather = (all) => {
    const [first, ...others] = all.map(({ short }) => short);
    let common = first;
    others.forEach((name) => { while (!name.startsWith(common)) common = common.slice(0, -1); });
    const name = common.replace(/[\s\d·#-]+$/u, "");
    return figure.dataset.several.replace("%(name)s", name.length > 2 ? name : first).replace("%(count)s", all.length);
  };
  const map = window.xiaoerParcels.create(figure, {
    pick: show,
    gather,
    keys: {
      n: () => show(map.next(1)), p: () => show(map.next(-1)), Escape: () => show(null),
      Enter: () => { if (chosen !== null) window.location.assign(of.get(chosen).open); },
    },
  });
  card.querySelector("[data-close]").addEventListener("click", () => { show(null); figure.focus(); });
  map.update(data.features, data.ground);
})();
