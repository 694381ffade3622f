// Text with Telegram's entities as nodes. Offsets count UTF-16 units, as strings of JavaScript do
// (core.telegram.org/api/entities).

import { el } from "./dom.js";
import { say } from "./words.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const SAFE = /^(https?:|tel:|mailto:)/i;

/** A fragment of the text with its entities, which may stand inside of one another. */
export function formatted(text, entities = []) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes(text, 0, text.length, sorted));
  return fragment;
}

function nodes(text, start, end, entities) {
  const found = [];
  let at = start;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const last = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || entity.offset >= end) continue;
    if (entity.offset > at) found.push(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((other) => other.offset < last);
    found.push(wrapped(entity, nodes(text, entity.offset, last, inner), text.slice(entity.offset, last)));
    at = last;
  }
  if (at < end) found.push(text.slice(at, end));
  return found;
}

function wrapped(entity, inner, text) {
  if (entity.type === "spoiler") return spoiler(inner);
  const address = addressOf(entity, text);
  if (address) return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, inner);
  return el(TAGS[entity.type] || "span", {}, inner);
}

function addressOf(entity, text) {
  const address = {
    text_link: entity.url, url: /^[a-z]+:/i.test(text) ? text : `https://${text}`, email: `mailto:${text}`,
    phone_number: `tel:${text.replace(/[^+\d]/g, "")}`,
  }[entity.type];
  return address && SAFE.test(address) ? address : null;
}

function spoiler(inner) {
  const shown = el("span", { class: "spoiler", role: "button", tabindex: "0", aria: { expanded: "false", label: say("spoiler") } }, inner);
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    shown.setAttribute("aria-expanded", "true");
    shown.removeAttribute("role");
    shown.removeAttribute("aria-label");
  };
  shown.addEventListener("click", open, { once: true });
  shown.addEventListener("keydown", open);
  return shown;
}
