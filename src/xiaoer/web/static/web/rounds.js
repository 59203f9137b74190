// Stops dragged within a route, to another officer's, or from those in none. The server computes the
// cost; without scripts, and by keyboard, the buttons of each stop do the same.
(() => {
  "use strict";
  let dragged = null;
  const rowOf = (target) => target.closest && target.closest("[data-contact]");
  const clear = () => document.querySelectorAll(".is-target, .is-target-end").forEach((one) => one.classList.remove("is-target", "is-target-end"));

  // Before which row the pointer is: the row itself in its upper half, the next one in its lower.
  function placeIn(route, event) {
    const rows = [...route.querySelectorAll(":scope > [data-contact]")].filter((row) => row !== dragged);
    const at = rows.findIndex((row) => { const box = row.getBoundingClientRect(); return event.clientY < box.top + box.height / 2; });
    return { rows, place: at < 0 ? rows.length : at };
  }

  document.addEventListener("dragstart", (event) => {
    dragged = rowOf(event.target);
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.contact);
  });
  document.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
    clear();
  });
  document.addEventListener("dragover", (event) => {
    const route = dragged && event.target.closest && event.target.closest(".route[data-round]");
    if (!route) return;
    event.preventDefault();
    clear();
    const { rows, place } = placeIn(route, event);
    if (place < rows.length) rows[place].classList.add("is-target");
    else (rows[rows.length - 1] || route).classList.add("is-target-end");
  });
  document.addEventListener("drop", (event) => {
    const route = dragged && event.target.closest && event.target.closest(".route[data-round]");
    if (!route) return;
    event.preventDefault();
    const { place } = placeIn(route, event);
    const form = document.getElementById("drop");
    form.contact.value = dragged.dataset.contact;
    form.post.value = route.dataset.post;
    form.place.value = place + 1;
    form.version.value = route.dataset.version;
    form.requestSubmit();
  });
})();
