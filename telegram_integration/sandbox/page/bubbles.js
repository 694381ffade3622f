// One message as an element.

import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { busyKeys, keyboard } from "./keys.js";
import { hour } from "./times.js";
import { pageLanguage, say } from "./words.js";

const LINES = { photo: "photo", sticker: "sticker", document: "document", contact: "contact" };
const KILOBYTE = 1024;

/** What decides how a message looks: while it stays the same, its element stays. */
export function signature(message) {
  return `${message.revision}|${pageLanguage()}|${busyKeys(message)}`;
}

/** A message of the chat. */
export function bubble(person, message) {
  const keys = keyboard(person, message);
  return el("li", { class: "message", data: {
    id: message.message_id, mine: message.from_bot ? "" : "yes", buttons: keys ? "yes" : "", kind: message.kind,
    protected: message.is_protected ? "yes" : "",
  } }, el("div", { class: "bubble" }, who(message), content(message), meta(message)), keys);
}

/** Something of one's own that is still on its way. */
export function draftBubble(item, tryAgain) {
  const state = { sending: say("sending"), waiting: say("waiting"), failed: say("failed") }[item.state];
  const again = item.state === "failed"
    ? el("button", { type: "button", class: "again", on: { click: tryAgain } }, say("again")) : null;
  return el("li", { class: "message", data: { id: item.key, mine: "yes" } },
    el("div", { class: "bubble" }, el("div", { class: "text", dir: "auto" }, item.text),
      el("div", { class: "meta", data: { state: item.state }, title: item.reason }, icon("clock"), state, again)));
}

/** The bot is typing. */
export function typingBubble() {
  const dots = el("div", { class: "bubble typing", aria: { hidden: "true" } }, el("i"), el("i"), el("i"));
  return el("li", { class: "message", data: { id: "typing" } }, dots);
}

/** A message in one line, for the list and for screen readers. */
export function summary(message) {
  const text = message.text || "";
  const name = LINES[message.kind];
  const file = message.document ? message.document.file_name : "";
  return [name ? say(name) : "", file, text].filter(Boolean).join(" · ").replace(/\s+/g, " ");
}

// Seen by the side on which a bubble stands.
function who(message) {
  return el("span", { class: "only-heard" }, say(message.from_bot ? "theBot" : "you"));
}

function content(message) {
  const parts = [];
  if (message.kind === "photo") parts.push(picture("photo"));
  else if (message.kind === "sticker") parts.push(picture("sticker"));
  else if (message.document) parts.push(file(message.document));
  else if (message.contact) parts.push(contact(message.contact));
  else if (!message.text) parts.push(el("div", { class: "text" }, `[${message.kind}]`));
  if (message.text) parts.push(el("div", { class: "text", dir: "auto" }, formatted(message.text, message.entities || [])));
  return parts;
}

// The picture itself never was: the bot is told that there is one.
function picture(kind) {
  return el("img", { class: `made-up-${kind}`, src: `${kind}.svg`, alt: say(kind) });
}

function file(document_) {
  const size = Math.max(1, Math.round(document_.file_size / KILOBYTE));
  return el("a", { class: "file", href: document_.url || fileAddress(document_), download: document_.file_name },
    el("span", { class: "file-mark" }, icon("file")),
    el("span", {}, el("span", { class: "file-name" }, document_.file_name), el("span", { class: "file-about" }, `${size} kB`)));
}

function contact(shared) {
  const name = [shared.first_name, shared.last_name].filter(Boolean).join(" ");
  return el("div", { class: "file" }, el("span", { class: "file-mark" }, icon("phone")),
    el("span", {}, el("span", { class: "file-name" }, name), el("span", { class: "file-about" }, shared.phone_number)));
}

function meta(message) {
  const shield = message.is_protected ? el("span", { title: say("protectedMessage") }, icon("shield")) : null;
  const edited = message.edit_date ? el("span", {}, say("edited")) : null;
  const mark = message.from_bot ? null : icon("check");
  return el("div", { class: "meta" }, shield, edited, el("time", {}, hour(message.date)), mark);
}
