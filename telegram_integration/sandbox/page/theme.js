// Light, dark, or as the device has it.

const KEPT = "nadmor.sandbox.theme";
const THEMES = ["auto", "light", "dark"];

/** The chosen colours: "auto", "light" or "dark". */
export function theme() {
  const chosen = new URLSearchParams(location.search).get("theme") || localStorage.getItem(KEPT);
  return THEMES.includes(chosen) ? chosen : "auto";
}

/** Choose colours, and remember them in this browser. */
export function setTheme(chosen) {
  localStorage.setItem(KEPT, chosen);
  const address = new URL(location.href);
  address.searchParams.delete("theme");
  history.replaceState(null, "", address);
  applyTheme();
}

/** Show the chosen colours. */
export function applyTheme() {
  const chosen = theme();
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
