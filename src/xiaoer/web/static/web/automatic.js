/* J and K walk through what waits for a person. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const place = document.querySelector(".exception-main");
  if (!place) return;
  const to = { j: place.dataset.after, k: place.dataset.before }[event.key.toLowerCase()];
  if (to) { event.preventDefault(); window.location.assign(to); }
});
