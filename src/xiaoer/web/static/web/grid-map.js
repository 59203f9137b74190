// The grid on a map: cells from GeoJSON, darker where more enterprises are; a click opens the cell.
(function () {
  "use strict";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  function option(cells) {
    const most = Math.max(1, ...cells.map((cell) => cell.value));
    const text = { color: token("ink"), fontSize: 12 };
    return {
      animation: false,
      aria: { enabled: true },
      tooltip: {
        trigger: "item", renderMode: "richText", backgroundColor: token("paper"), borderColor: token("line-strong"), textStyle: text,
        formatter: (point) => (point.data ? `${point.data.grid} ${point.data.label}\n${point.data.value.toLocaleString("en")}` : ""),
      },
      visualMap: {
        min: 0, max: most, left: 8, bottom: 8, itemWidth: 12, itemHeight: 90, textStyle: { ...text, color: token("ink-2") },
        text: [most.toLocaleString("en"), "0"], inRange: { color: [token("sunk"), token("series-1")] },
      },
      series: [{
        type: "map", map: "cells", nameProperty: "code", data: cells, selectedMode: false, roam: true,
        itemStyle: { borderColor: token("paper"), borderWidth: 1, areaColor: token("sunk") },
        emphasis: { itemStyle: { areaColor: token("accent"), borderColor: token("ink") }, label: { show: true, color: token("paper") } },
        label: { show: false },
      }],
    };
  }

  async function draw(place) {
    const answer = await fetch(place.dataset.map, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) return;
    const outlines = await answer.json();
    const cells = outlines.features.map(({ properties }) => ({
      name: properties.code, label: properties.name, grid: properties.grid, value: properties.enterprises, id: properties.id,
    }));
    window.echarts.registerMap("cells", outlines);
    const drawing = window.echarts.init(place, null, { renderer: "canvas" });
    const label = place.getAttribute("aria-label");
    drawing.setOption(option(cells));
    place.setAttribute("aria-label", label);
    drawing.on("click", (event) => {
      if (event.data) window.location.assign(place.dataset.open.replace("/0/", `/${event.data.id}/`));
    });
    window.addEventListener("resize", () => drawing.resize());
    new MutationObserver(() => drawing.setOption(option(cells))).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  document.querySelectorAll("[data-map]").forEach(draw);
})();
