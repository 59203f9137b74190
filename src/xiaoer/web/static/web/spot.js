// Draws where one project lies: each click is a corner; the text beside is what is sent.
(() => {
  "use strict";
  const figure = document.querySelector("[data-spot]");
  if (!figure) return;
  const data = JSON.parse(document.getElementById("spot-data").textContent);
  const words = JSON.parse(document.getElementById("spot-words").textContent);
  const box = () => document.getElementById("field-spot");
  const told = document.querySelector("[data-told]");
  const keeps = figure.hasAttribute("data-keeps");
  const outer = (geometry) => (geometry && geometry.type === "Polygon" ? geometry.coordinates[0].slice(0, -1) : []);
  let corners = outer(data.spot), held = -1;

  const map = window.xiaoerParcels.create(figure, {
    ground: (place) => { if (keeps) set(place); return keeps; },
    keys: keeps ? { Backspace: undo, c: () => put(map.centre()), C: () => put(map.centre()), n: () => hold(1), p: () => hold(-1), Escape: () => { held = -1; draw(); } } : {},
  });
  const own = data.spot && data.spot.type !== "Polygon" ? [{ id: 0, geometry: data.spot, properties: { short: "", light: "grey" } }] : [];
  map.update([...data.features, ...own], data.ground);

  const exact = (place) => place.map((part) => Number(part.toFixed(6)));
  const near = (place) => {
    const [x, y] = map.world(place), reach = 10 / map.scale();
    return corners.findIndex((one) => { const [u, v] = map.world(one); return Math.hypot(u - x, v - y) < reach; });
  };
  // A corner that is clicked is chosen; the next click says where it goes. Elsewhere a click is a new corner.
  function set(place) {
    const at = near(place);
    if (held < 0 && at >= 0) { held = at; draw(); } else put(place);
  }
  function put(place) {
    if (held >= 0) corners[held] = exact(place); else corners.push(exact(place));
    held = -1;
    write();
  }
  function hold(step) {
    if (!corners.length) return;
    held = (held + step + corners.length + (held < 0 && step < 0 ? 1 : 0)) % corners.length;
    draw();
  }
  function undo() { if (held >= 0) corners.splice(held, 1); else corners.pop(); held = -1; write(); }
  // A pair of degrees a line, or GeoJSON; what is read otherwise the server reads.
  function read(text) {
    if (text.trim().startsWith("{")) return outer(JSON.parse(text));
    const pairs = text.split(/[\r\n]+/).map((line) => line.match(/^\D*(\d+(?:\.\d+)?)[^\d.]+(\d+(?:\.\d+)?)\D*$/)).filter(Boolean).map(([, x, y]) => [Number(x), Number(y)]);
    const last = pairs.length - 1;
    return last > 2 && pairs[0].join() === pairs[last].join() ? pairs.slice(0, last) : pairs;
  }
  function mu(ring) {
    const narrow = Math.cos((ring[0][1] * Math.PI) / 180);
    const twice = ring.reduce((sum, [x, y], at) => { const [u, v] = ring[(at + 1) % ring.length]; return sum + (x - ring[0][0]) * (v - ring[0][1]) - (u - ring[0][0]) * (y - ring[0][1]); }, 0);
    return ((Math.abs(twice) / 2) * 111320 ** 2 * narrow * 3) / 2000;
  }
  function draw() {
    map.shapes.querySelectorAll(".drawn, .corner").forEach((one) => one.remove());
    if (!corners.length) return;
    const places = corners.map(map.world);
    map.make("path", { class: "drawn", d: `M${places.map((place) => place.join(" ")).join("L")}${corners.length > 2 ? "Z" : ""}` }, map.shapes);
    places.forEach(([x, y], at) => map.make("path", { class: at === held ? "corner drawn held" : "corner drawn", d: `M${x} ${y}h.01` }, map.shapes));
  }
  function write() {
    draw();
    if (!told) return;
    told.textContent = words.corners.replace("%(count)s", corners.length) + (corners.length > 2 ? ` · ${words.mu.replace("%(mu)s", mu(corners).toFixed(1))}` : "");
    if (corners.length > 2) box().value = JSON.stringify({ type: "Polygon", coordinates: [[...corners, corners[0]]] });
    else if (!corners.length) box().value = "";
  }
  draw();
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) undo();
    if (event.target.closest("[data-anew]")) { corners = []; held = -1; write(); }
  });
  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    held = -1;
    try { corners = read(event.target.value); draw(); } catch (_unfinished) { /* it is still being typed */ }
  });
})();
