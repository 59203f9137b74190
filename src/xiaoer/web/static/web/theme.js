// Before the first paint: scripts run, and the theme the reader prefers when none was chosen.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  if (root.hasAttribute("data-theme-open") && matchMedia("(prefers-color-scheme: dark)").matches) {
    root.dataset.bsTheme = "dark";
  }
})();
