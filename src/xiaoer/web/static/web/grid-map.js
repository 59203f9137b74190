// Places on a map, from GeoJSON: the fuller the stronger; borders with names over them; a click opens
// the place. The same figures stand in a table of the page, which is the way of the keyboard.
(function () {
  "use strict";
  const STEP = 1.4;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const mix = (from, to, share) =>
    `#${channels(from).map((part, at) => Math.round(part + (channels(to)[at] - part) * share).toString(16).padStart(2, "0")).join("")}`;
  const luminance = (hex) => channels(hex).reduce((sum, part, at) => sum + (part / 255) ** 2.2 * [0.2126, 0.7152, 0.0722][at], 0.05);

  // Classes of about as many places each: firms crowd, and equal steps would paint them all alike.
  function classes(values, most) {
    const sorted = [...new Set(values)].sort((a, b) => a - b);
    const count = Math.min(most, sorted.length);
    const starts = Array.from({ length: count }, (_none, at) => sorted[Math.floor((at * sorted.length) / count)]);
    return starts.map((min, at) => ({
      min, max: at + 1 < count ? Math.max(min, ...sorted.filter((value) => value < starts[at + 1])) : sorted[sorted.length - 1],
      color: mix(token("accent-soft"), token("series-1"), count === 1 ? 0.6 : (0.85 * at) / (count - 1)),
    }));
  }
  const labelOf = ({ min, max }) => (min === max ? min.toLocaleString("en") : `${min.toLocaleString("en")}–${max.toLocaleString("en")}`);

  function bounds(features) {
    const places = [];
    const walk = (list) => (typeof list[0] === "number" ? places.push(list) : list.forEach(walk));
    features.forEach((feature) => walk(feature.geometry.coordinates));
    const of = (at) => [Math.min(...places.map((place) => place[at])), Math.max(...places.map((place) => place[at]))];
    return { x: of(0), y: of(1) };
  }

  // The whole in the largest frame that fits, leaving the foot to the classes.
  function frame(place, box) {
    const aspect = Math.cos((((box.y[0] + box.y[1]) / 2) * Math.PI) / 180);
    const wide = (box.x[1] - box.x[0]) * aspect || 1;
    const high = box.y[1] - box.y[0] || 1;
    const room = { width: place.clientWidth - 16, height: place.clientHeight - 56 };
    const scale = Math.min(room.width / wide, room.height / high);
    return { aspectScale: aspect, left: "center", top: 8 + (room.height - high * scale) / 2, width: wide * scale, height: high * scale };
  }

  const rings = ({ type, coordinates }) => (type === "Polygon" ? coordinates : coordinates.flat());

  // Who goes from place to place: the more, the thicker.
  function arrows(moves) {
    if (!moves.length) return [];
    const most = Math.max(...moves.map(({ count }) => count));
    return [["paper", 3], ["ink", 0]].map(([colour, more]) => ({
      type: "lines", coordinateSystem: "geo", silent: true, z: 7, symbol: colour === "ink" ? ["none", "arrow"] : "none", symbolSize: 8,
      data: moves.map(({ coords, count }) => ({ coords, lineStyle: { color: token(colour), width: 1 + (3 * count) / most + more, opacity: 1, curveness: 0.15 } })),
    }));
  }

  function option(place, areas, borders, zoom, whole) {
    const text = { color: token("ink"), fontSize: 12 };
    const narrow = place.clientWidth < 480;
    const pieces = classes(whole.scale || areas.map(({ properties }) => properties.enterprises), narrow ? 4 : 5);
    const fill = (value) => (pieces.find(({ min, max }) => value >= min && value <= max) || pieces[0]).color;
    const on = (value) => {
      const contrast = (name) => Math.abs(Math.log(luminance(token(name)) / luminance(fill(value))));
      return token(contrast("ink") > contrast("paper") ? "ink" : "paper");
    };
    const outlines = borders.flatMap(({ geometry }) => rings(geometry).map((coords) => ({ coords })));
    const isParks = place.dataset.areas === "parks";
    const slip = { backgroundColor: token("paper"), borderColor: token("line-strong"), borderWidth: 1, borderRadius: 3, padding: [2, 5] };
    return {
      animation: false,
      tooltip: {
        trigger: "item", renderMode: "richText", confine: true, backgroundColor: token("paper"), borderColor: token("line-strong"), textStyle: text,
        formatter: ({ data }) => {
          if (!data || !data.of) return "";
          const { grid, name, enterprises, count, duties, without_officer: without } = data.of;
          return [
            [grid, name].filter(Boolean).join(" "),
            `${enterprises.toLocaleString("en")} ${place.dataset.unit}`,
            count === undefined ? "" : `${count.toLocaleString("en")} ${place.dataset.count}`,
            without ? `${without.toLocaleString("en")} ${place.dataset.without}` : "",
            (duties || []).join("、"),
          ].filter(Boolean).join("\n");
        },
      },
      visualMap: {
        type: "piecewise", z: 10, pieces: pieces.map((piece) => ({ ...piece, label: labelOf(piece) })), seriesIndex: 0, selectedMode: false, hoverLink: false,
        orient: "horizontal", left: "center", bottom: 0, padding: [6, 10], backgroundColor: token("paper"), itemWidth: 16, itemHeight: 12, itemGap: 8, itemSymbol: "rect", textStyle: { color: token("ink-2"), fontSize: 12 },
      },
      geo: {
        map: "places", ...frame(place, bounds([...areas, ...borders])), zoom, roam: zoom > 1 ? "move" : false, nameProperty: "code",
        itemStyle: { areaColor: token("sunk"), borderColor: token("paper"), borderWidth: 1 },
        regions: areas.map(({ properties }) => {
          const label = { show: !isParks && !narrow, color: on(properties.enterprises), fontSize: 12, formatter: () => properties.enterprises.toLocaleString("en") };
          return { name: properties.code, label, emphasis: { label, itemStyle: { areaColor: fill(properties.enterprises), borderColor: token("ink"), borderWidth: 3 } } };
        }),
      },
      series: [
        {
          type: "map", geoIndex: 0, nameProperty: "code", selectedMode: false,
          data: areas.map(({ properties }) => ({ name: properties.code, value: properties.enterprises, of: properties })),
        },
        ...[["paper", 5], ["ink", 2]].map(([colour, width]) => ({
          type: "lines", coordinateSystem: "geo", polyline: true, silent: true, z: 5, data: outlines,
          lineStyle: { color: token(colour), width, opacity: 1 },
        })),
        ...arrows(whole.moves || []),
        {
          type: "scatter", coordinateSystem: "geo", silent: true, symbolSize: 1, itemStyle: { opacity: 1, color: "transparent" }, z: 6, labelLayout: { moveOverlap: "shiftY" },
          data: (isParks ? areas : borders).filter(({ properties }) => properties.label).map(({ properties }) => ({
            value: properties.label, name: properties.name,
            label: {
              show: true, position: "inside", formatter: isParks ? `${properties.name}\n${properties.enterprises.toLocaleString("en")}` : properties.name,
              fontSize: narrow ? 12 : 13, lineHeight: 16, color: token("ink"), ...(narrow && properties.name.length > 6 ? { width: Math.ceil(properties.name.length / 2) * 12 + 1, overflow: "break" } : {}), ...slip,
            },
          })),
        },
      ],
    };
  }

  async function draw(place) {
    const answer = await fetch(place.dataset.map, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) return;
    const whole = await answer.json();
    const areas = place.dataset.areas === "parks" ? whole.borders.parks : whole.features;
    const borders = whole.borders[place.dataset.borders] || [];
    if (!areas.length) return;
    window.echarts.registerMap("places", { type: "FeatureCollection", features: areas });
    const drawing = window.echarts.init(place, null, { renderer: "canvas" });
    const label = place.getAttribute("aria-label");
    let zoom = 1;
    const show = () => drawing.setOption(option(place, areas, borders, zoom, whole), true);
    show();
    place.setAttribute("aria-label", label);
    drawing.on("click", ({ data }) => {
      if (data && data.of) window.location.assign(place.dataset.open.replace(/([=/])0(\/|$)/, `$1${data.of.id}$2`));
    });
    place.parentElement.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      zoom = Math.min(8, Math.max(1, button.dataset.zoom === "in" ? zoom * STEP : zoom / STEP));
      show();
    }));
    window.addEventListener("resize", () => { drawing.resize(); show(); });
    new MutationObserver(() => show()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  document.querySelectorAll("[data-map]").forEach(draw);
})();
