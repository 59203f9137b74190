/* Nearest first: asks the browser where the reader is, once, and puts it into the address. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-near]");
  if (!button || !navigator.geolocation) return;
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const to = new URL(window.location.href);
      to.searchParams.set("at", `${coords.longitude.toFixed(4)},${coords.latitude.toFixed(4)}`);
      window.location.assign(to);
    },
    () => { button.disabled = false; },
    { timeout: 10000 },
  );
});
