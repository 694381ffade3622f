// Windows over the page, and lines that pass.

import { el } from "./dom.js";
import { say } from "./words.js";

const SHORTEST = 3_500; // milliseconds that a line stays
const PER_LETTER = 55; // and for each letter, so that it can be read

/**
 * A window with a title, a text and up to two answers; resolves to whether `yes` was pressed. Without a `no`
 * there is nothing but to close it.
 */
export function ask({ title = "", text, yes, no = say("cancel") }) {
  return new Promise((resolve) => {
    const window_ = el("dialog", {}, title ? el("h2", {}, title) : null, el("p", { class: "said" }, text));
    const close = (answer) => () => {
      resolve(answer);
      window_.close();
    };
    const refuse = no ? el("button", { type: "button", class: "outlined", on: { click: close(false) } }, no) : null;
    const agree = el("button", { type: "button", class: "filled", on: { click: close(true) } }, yes);
    window_.append(el("div", { class: "answers" }, refuse, agree));
    show(window_, () => resolve(false));
    agree.focus();
  });
}

/** Show a dialog element until it is closed, then take it away. */
export function show(dialog, closed = () => {}) {
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && isOutside(dialog, event)) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/** A line over the text field that goes away by itself. */
export function toast(text) {
  const line = el("div", { class: "toast" }, text);
  const place = document.getElementById("toasts");
  if (!place) return;
  place.append(line);
  setTimeout(() => line.remove(), SHORTEST + text.length * PER_LETTER);
}
