// Light or dark: as the system has it, until the button says otherwise.

import { $ } from "./dom.js";

const KEY = "complexity-guard-theme";

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    /* a private window keeps no choice */
  }
}

export function startTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = $("theme");
  let choice = stored();
  const isDark = () => (choice ? choice === "dark" : dark.matches);
  const apply = () => {
    document.documentElement.style.colorScheme = choice || "light dark";
    button.textContent = isDark() ? "☀ Light" : "☾ Dark";
    button.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
  };
  button.addEventListener("click", () => {
    choice = isDark() ? "light" : "dark";
    store(choice);
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}
