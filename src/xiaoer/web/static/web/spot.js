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
  let corners = outer(data.spot);

  const map = window.xiaoerParcels.create(figure, {
    ground: (place) => { if (!keeps) return false; corners.push(place.map((part) => Number(part.toFixed(6)))); write(); return true; },
    keys: { Backspace: undo },
  });
  const own = data.spot && data.spot.type !== "Polygon" ? [{ id: 0, geometry: data.spot, properties: { short: "", light: "grey" } }] : [];
  map.update([...data.features, ...own], data.ground);

  function undo() { corners.pop(); write(); }
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
    places.forEach(([x, y]) => map.make("path", { class: "corner drawn", d: `M${x} ${y}h.01`, "stroke-linecap": "round", "stroke-width": 8 }, map.shapes));
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
    if (event.target.closest("[data-anew]")) { corners = []; write(); }
  });
  document.addEventListener("input", (event) => {
    if (event.target !== box()) return;
    try { corners = outer(JSON.parse(event.target.value)); draw(); } catch (_unfinished) { /* it is still being typed */ }
  });
})();
