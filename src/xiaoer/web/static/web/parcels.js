// Parcels of projects on a map: GeoJSON drawn as SVG, moved by pointer, wheel, touch and keys. While it
// moves only one attribute changes; names are set anew when it comes to rest, by priority, so that none
// covers another. No tiles, no library.
window.xiaoerParcels = (() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const DEGREE = 111320; // metres of a degree of latitude
  const STEP = 1.25, REST = 140, MARGIN = 28, TOUCH = 17, EDGE = 4;
  const RANK = { red: 0, amber: 1, grey: 2, green: 3 };
  const MARKS = {
    green: '<circle r="5.5" class="mark"/>',
    amber: '<path d="M0-6.4 7.2 6.2H-7.2z" class="mark"/><path d="M0-2V2.2M0 3.6V5" class="cut"/>',
    red: '<rect x="-6.5" y="-6.5" width="13" height="13" rx="1.5" class="mark"/><path d="M0-4V1M0 2.8V4.3" class="cut"/>',
    grey: '<circle r="5.7" class="ring"/>',
  };
  const make = (name, attributes = {}, parent) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (parent) parent.append(made);
    return made;
  };
  const polygons = (geometry) => {
    if (!geometry) return [];
    if (geometry.type === "Polygon") return [geometry.coordinates];
    return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  };
  const places = (geometry) => (geometry && geometry.type === "Point" ? [geometry.coordinates] : polygons(geometry).flat(2));

  // Where the mark of a parcel stands: the middle of its largest ring by area.
  function middle(ring) {
    let area = 0, x = 0, y = 0;
    for (let at = 0; at + 1 < ring.length; at += 1) {
      const part = (ring[at][0] - ring[0][0]) * (ring[at + 1][1] - ring[0][1]) - (ring[at + 1][0] - ring[0][0]) * (ring[at][1] - ring[0][1]);
      area += part;
      x += part * (ring[at][0] + ring[at + 1][0] + ring[0][0]);
      y += part * (ring[at][1] + ring[at + 1][1] + ring[0][1]);
    }
    return area ? { x: x / area / 3, y: y / area / 3, area: Math.abs(area) } : { x: ring[0][0], y: ring[0][1], area: 0 };
  }

  // Full-width signs are as wide as high, Latin ones about half; nothing is measured while it moves.
  const wide = (text, size) => [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x2e80 ? 1 : 0.58), 0) * size;
  const apart = (a, b) => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;

  function create(figure, given) {
    const svg = make("svg", { class: "parcels", "aria-hidden": "true", focusable: "false" });
    figure.prepend(svg);
    const shapes = make("g", { class: "shapes" }, svg);
    const over = make("g", { class: "over" }, svg);
    const marks = make("g", {}, over), names = make("g", { class: "names" }, over);
    const size = () => ({ width: svg.clientWidth, height: svg.clientHeight });
    const textSize = () => parseFloat(getComputedStyle(names).fontSize) || 12;
    let items = [], ground = null, origin = null, view = { k: 1, x: 0, y: 0 }, laid = { ...view }, chosen = null, timer = 0, frame = 0, whole = 1;

    const world = ([longitude, latitude]) => [(longitude - origin.longitude) * origin.aspect * DEGREE, (origin.latitude - latitude) * DEGREE];
    const degrees = (x, y) => [origin.longitude + x / (origin.aspect * DEGREE), origin.latitude - y / DEGREE];
    const onScreen = (x, y) => [x * view.k + view.x, y * view.k + view.y];
    const path = (geometry) => polygons(geometry).flat().map((ring) => `M${ring.map((place) => world(place).map((part) => part.toFixed(1)).join(" ")).join("L")}Z`).join("");

    function setOrigin() {
      const all = [...items.flatMap(({ geometry }) => places(geometry)), ...ground.cells.flatMap(places), ...ground.parks.flatMap(({ outline }) => places(outline))];
      const [longitude, latitude] = all[0] || [116.6, 35.4];
      origin = { longitude, latitude, aspect: Math.cos((latitude * Math.PI) / 180) };
    }

    function update(features, under) {
      ground = under || ground || { cells: [], parks: [] };
      items = features.filter(({ geometry }) => geometry).map((feature) => ({ ...feature, ...feature.properties }));
      items.sort((a, b) => RANK[b.light] - RANK[a.light]);
      const first = !origin;
      if (first) setOrigin();
      shapes.replaceChildren();
      marks.replaceChildren();
      make("path", { class: "cells", d: ground.cells.map(path).join("") }, shapes);
      make("path", { class: "parks", d: ground.parks.map(({ outline }) => path(outline)).join("") }, shapes);
      items.forEach((item) => {
        const rings = polygons(item.geometry).map(([outer]) => middle(outer.map(world)));
        item.spot = rings.length ? rings.reduce((best, one) => (one.area > best.area ? one : best)) : { ...Object.fromEntries(world(item.geometry.coordinates).map((part, at) => ["xy"[at], part])), area: 0 };
        item.box = bounds(places(item.geometry).map(world));
        if (rings.length) item.shape = make("path", { class: `spot ${item.light}`, d: path(item.geometry), "data-id": item.id }, shapes);
        item.mark = make("g", { class: `light-mark ${item.light}`, "data-id": item.id }, marks);
        // What lies under others is known by its shape alone.
        item.mark.innerHTML = item.under && item.shape ? "" : MARKS[item.light];
      });
      if (first) fit(); else draw();
      if (chosen !== null) select(chosen, false);
    }

    const bounds = (list) => ({
      left: Math.min(...list.map(([x]) => x)), right: Math.max(...list.map(([x]) => x)),
      top: Math.min(...list.map(([, y]) => y)), bottom: Math.max(...list.map(([, y]) => y)),
    });

    function fit() {
      const list = items.length ? items.flatMap(({ box }) => [[box.left, box.top], [box.right, box.bottom]]) : ground.cells.flatMap(places).map(world);
      const box = list.length ? bounds(list) : { left: -500, right: 500, top: -500, bottom: 500 };
      const room = size();
      whole = Math.min((room.width - 2 * MARGIN) / Math.max(box.right - box.left, 200), (room.height - 2 * MARGIN) / Math.max(box.bottom - box.top, 200));
      if (!(whole > 0)) whole = 0.1;
      view = { k: whole, x: room.width / 2 - ((box.left + box.right) / 2) * whole, y: room.height / 2 - ((box.top + box.bottom) / 2) * whole };
      draw();
    }

    // Moving: one attribute each of what lies in metres and of what lies in points.
    function move() {
      shapes.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
      if (view.k === laid.k) over.setAttribute("transform", `translate(${view.x - laid.x} ${view.y - laid.y})`);
      else return name();
      clearTimeout(timer);
      timer = setTimeout(name, REST);
    }
    const soon = () => { if (!frame) frame = requestAnimationFrame(() => { frame = 0; move(); }); };

    function put() {
      laid = { ...view };
      over.setAttribute("transform", "translate(0 0)");
      names.replaceChildren();
      items.forEach((item) => {
        const [x, y] = onScreen(item.spot.x, item.spot.y);
        item.at = [x, y];
        item.mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        item.mark.setAttribute("visibility", "visible");
        delete item.mark.dataset.several;
      });
    }

    // Marks that would lie on one another stand as one, the loudest, with the words of all; a click on it
    // goes closer. The chosen one stands alone.
    function gathered(list) {
      const cells = new Map(), above = new Map(list.map((one) => [one, one]));
      const top = (one) => { while (above.get(one) !== one) one = above.get(one); return one; };
      list.filter((one) => one.id !== chosen && !(one.under && one.shape)).forEach((one) => {
        const [left, up] = one.at.map((part) => Math.floor(part / TOUCH));
        for (let x = left - 1; x <= left + 1; x += 1) for (let y = up - 1; y <= up + 1; y += 1) {
          (cells.get(`${x} ${y}`) || []).forEach((other) => { if (Math.hypot(other.at[0] - one.at[0], other.at[1] - one.at[1]) < TOUCH) above.set(top(one), top(other)); });
        }
        const key = `${left} ${up}`;
        cells.set(key, [...(cells.get(key) || []), one]);
      });
      const groups = new Map();
      list.forEach((one) => groups.set(top(one), [...(groups.get(top(one)) || []), one]));
      return [...groups.values()].map((all) => {
        if (all.length === 1) return all[0];
        const at = [0, 1].map((axis) => all.reduce((sum, one) => sum + one.at[axis], 0) / all.length);
        all.slice(1).forEach(({ mark }) => mark.setAttribute("visibility", "hidden"));
        all[0].mark.setAttribute("transform", `translate(${at[0].toFixed(1)} ${at[1].toFixed(1)})`);
        all[0].mark.dataset.several = all.map(({ id }) => id).join(" ");
        return { ...all[0], at, several: true, short: given.gather(all), spot: { area: 0 } };
      });
    }
    function closer(ids) {
      const list = items.filter(({ id }) => ids.includes(id)), room = size();
      const box = bounds(list.flatMap((one) => [[one.box.left, one.box.top], [one.box.right, one.box.bottom]]));
      const k = Math.min((room.width - 4 * MARGIN) / Math.max(box.right - box.left, 50), (room.height - 4 * MARGIN) / Math.max(box.bottom - box.top, 50), Math.max(whole * 60, 2));
      view = { k, x: room.width / 2 - ((box.left + box.right) / 2) * k, y: room.height / 2 - ((box.top + box.bottom) / 2) * k };
      soon();
    }

    // Names by priority: red, amber, then what has room in its own parcel. A name that finds no free
    // place is left out; its mark stays.
    function name() {
      put();
      const room = size(), text = textSize(), half = text * 0.75, gap = text * 1.08, round = text * 0.62;
      const seen = items.filter(({ at: [x, y] }) => x > -60 && y > -60 && x < room.width + 60 && y < room.height + 60);
      const order = [...seen].sort((a, b) => (b.id === chosen) - (a.id === chosen) || RANK[a.light] - RANK[b.light] || b.spot.area - a.spot.area);
      const free = given.gather ? gathered(order) : order;
      const around = ({ at: [x, y] }) => ({ left: x - round, right: x + round, top: y - round, bottom: y + round });
      const marked = free.filter((item) => !(item.under && item.shape));
      const taken = marked.filter(({ light }) => given.gather || light === "red" || light === "amber").map((item) => ({ ...around(item), of: item.id }));
      const quiet = marked.filter(({ light }) => RANK[light] > 1).map((item) => ({ ...around(item), of: item.id }));
      free.forEach((item) => {
        const width = wide(item.short, text), [x, y] = item.at;
        const loud = RANK[item.light] < 2 || item.several || item.id === chosen;
        if (!loud && width + 1.5 * gap > (item.box.right - item.box.left) * view.k * 1.15) return;
        const boxed = (left, top) => ({ left, right: left + width, top: top - half, bottom: top + half });
        const inner = x - (width + gap - round) / 2;
        const ways = [
          { mark: inner, ...boxed(inner + gap, y), left: inner - round, text: inner + gap },
          { mark: x, ...boxed(x + gap, y) },
          { mark: x, ...boxed(x - gap - width, y) },
          { mark: x, ...boxed(x - width / 2, y - text * 1.3) },
          { mark: x, ...boxed(x - width / 2, y + text * 1.3) },
          ...(item.light === "red" || item.several ? [[0.3, -1.3], [-width - 0.3, -1.3], [0.3, 1.3], [-width - 0.3, 1.3], [-width / 2, -2.2], [-width / 2, 2.2], [0.3, -2.2], [0.3, 2.2]].map(([left, up]) => ({ mark: x, ...boxed(x + left, y + up * text) })) : []),
        ].slice(item.spot.area ? 0 : 1);
        const inside = ways.filter((one) => one.left > EDGE && one.right < room.width - EDGE && one.top > 0 && one.bottom < room.height);
        const clear = (one, others) => others.every((other) => other.of === item.id || apart(one, other));
        const open = (some) => some.find((one) => clear(one, taken) && clear(one, quiet)) || (loud && some.find((one) => clear(one, taken)));
        const way = open(inside) || (!given.gather && open(ways));
        if (!way) return;
        item.mark.setAttribute("transform", `translate(${way.mark.toFixed(1)} ${y.toFixed(1)})`);
        const written = make("text", { x: (way.text || way.left).toFixed(1), y: ((way.top + way.bottom) / 2 + text * 0.36).toFixed(1), class: `name ${item.light}`, "data-id": item.id }, names);
        written.textContent = item.short;
        if (item.several) written.dataset.several = item.mark.dataset.several;
        taken.push({ ...way, of: 0 });
      });
    }
    const draw = () => { move(); name(); };

    function zoom(factor, x = size().width / 2, y = size().height / 2) {
      const k = Math.min(Math.max(view.k * factor, whole / 3), Math.max(whole * 60, 2));
      view = { k, x: x - ((x - view.x) * k) / view.k, y: y - ((y - view.y) * k) / view.k };
      soon();
    }
    const shift = (x, y) => { view = { ...view, x: view.x + x, y: view.y + y }; soon(); };

    function select(id, bring = true) {
      chosen = id;
      items.forEach(({ id: own, shape, mark }) => [shape, mark].forEach((one) => one && one.classList.toggle("is-chosen", own === id)));
      const item = items.find(({ id: own }) => own === id);
      if (item && bring) {
        const [x, y] = onScreen(item.spot.x, item.spot.y), room = size();
        if (x < 80 || y < 60 || x > room.width - 80 || y > room.height - 60) shift(room.width / 2 - x, room.height / 2 - y);
      }
      clearTimeout(timer);
      timer = setTimeout(name, 0);
      return item || null;
    }

    function next(step) {
      const order = [...items].reverse();
      if (!order.length) return null;
      const at = order.findIndex(({ id }) => id === chosen);
      return order[(at + step + order.length) % order.length].id;
    }

    // Pointers: one moves, two pinch; what was not moved is a click.
    const down = new Map();
    let moved = 0;
    const spread = () => { const [a, b] = [...down.values()]; return { far: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }; };
    const local = (event) => { const box = svg.getBoundingClientRect(); return { x: event.clientX - box.left, y: event.clientY - box.top }; };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      down.set(event.pointerId, local(event));
      moved = down.size > 1 ? 99 : 0;
    });
    svg.addEventListener("pointermove", (event) => {
      const before = down.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      if (down.size === 2) {
        const old = spread();
        down.set(event.pointerId, now);
        const fresh = spread();
        zoom(fresh.far / Math.max(old.far, 1), fresh.x, fresh.y);
        shift(fresh.x - old.x, fresh.y - old.y);
        return;
      }
      moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (moved > 4) {
        svg.setPointerCapture(event.pointerId);
        svg.classList.add("is-moving");
        shift(now.x - before.x, now.y - before.y);
      }
      down.set(event.pointerId, now);
    });
    const lift = (event) => {
      if (!down.delete(event.pointerId)) return;
      svg.classList.remove("is-moving");
      if (event.type !== "pointerup" || moved > 4) return;
      const at = local(event), hit = event.target.closest && event.target.closest("[data-id]");
      if (given.ground && given.ground(degrees((at.x - view.x) / view.k, (at.y - view.y) / view.k))) return;
      if (hit && hit.dataset.several) return closer(hit.dataset.several.split(" ").map(Number));
      if (given.pick) given.pick(hit ? Number(hit.dataset.id) : null);
    };
    ["pointerup", "pointercancel"].forEach((type) => svg.addEventListener(type, lift));
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const at = local(event);
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), at.x, at.y);
    }, { passive: false });

    const KEYS = {
      ArrowLeft: () => shift(80, 0), ArrowRight: () => shift(-80, 0), ArrowUp: () => shift(0, 80), ArrowDown: () => shift(0, -80),
      "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: fit,
    };
    figure.addEventListener("keydown", (event) => {
      if (event.target !== figure || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = KEYS[event.key] || (given.keys || {})[event.key];
      if (!act) return;
      act();
      event.preventDefault();
      event.stopPropagation();
    });
    figure.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      ({ in: () => zoom(STEP * STEP), out: () => zoom(1 / STEP / STEP), whole: fit })[button.dataset.zoom]();
    }));
    // The picture is as large as its place; on paper, whose place is another, it is scaled whole.
    new ResizeObserver(() => {
      if (!svg.clientWidth) return;
      svg.setAttribute("viewBox", `0 0 ${svg.clientWidth} ${svg.clientHeight}`);
      if (origin) fit();
    }).observe(figure);

    return { update, select, next, fit, make, world, shapes, redraw: draw, scale: () => view.k, centre: () => degrees((size().width / 2 - view.x) / view.k, (size().height / 2 - view.y) / view.k) };
  }

  return { create };
})();
