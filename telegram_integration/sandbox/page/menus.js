// A list of things to choose that opens beside a button.

import { el } from "./dom.js";

let close = () => {};

/**
 * Open a list inside `place` for `button`, or close it when it is open. `items` are `{content, perform}`.
 * Arrow keys walk through it, Escape closes it and goes back to the button.
 */
export function toggleMenu(button, place, items, className = "") {
  const isOpen = button.getAttribute("aria-expanded") === "true";
  close();
  if (isOpen) return;
  const list = el("div", { class: `popover ${className}`, role: "menu" }, items.map(choice));
  place.append(list);
  button.setAttribute("aria-expanded", "true");
  const outside = (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) close();
  };
  list.addEventListener("keydown", (event) => walk(event, list, button));
  document.addEventListener("pointerdown", outside);
  close = () => {
    document.removeEventListener("pointerdown", outside);
    button.setAttribute("aria-expanded", "false");
    list.remove();
    close = () => {};
  };
  if (list.firstElementChild) list.firstElementChild.focus();
}

function choice({ content, perform }) {
  const listener = () => {
    close();
    perform();
  };
  return el("button", { type: "button", role: "menuitem", on: { click: listener } }, content);
}

function walk(event, list, button) {
  const items = [...list.children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key in steps) {
    event.preventDefault();
    items[(steps[event.key] + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    close();
    button.focus();
  }
}
