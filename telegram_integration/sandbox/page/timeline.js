// The messages of a chat, kept in step: what did not change stays where it is.

import { bubble, draftBubble, signature, summary, typingBubble } from "./bubbles.js";
import { chatOf } from "./chats.js";
import { avatar, el, icon, iconButton } from "./dom.js";
import { pending, postAgain } from "./outbox.js";
import { areDaysApart, day } from "./times.js";
import { say } from "./words.js";

const NEAR = 60; // pixels from the end within which the chat follows what comes

/** The scrolling part of a chat, with `render(person)` and `toEnd()`. */
export function timeline() {
  const list = el("ol", { class: "messages" });
  const scroller = el("div", { class: "timeline", role: "region", tabindex: "0" }, list);
  const heard = el("div", { class: "only-heard", aria: { live: "polite" } });
  const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight });
  const newest = iconButton("down", say("newest"), toEnd, { class: "icon-button newest", hidden: true });
  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  let person = null;
  let follows = true;
  let top = 0;
  scroller.addEventListener("scroll", () => {
    // What grows below pushes the end away: only who scrolls up wants to stay where they are.
    follows = isAtEnd() || (follows && scroller.scrollTop >= top);
    top = scroller.scrollTop;
    newest.hidden = follows;
  }, { passive: true });
  const watcher = new ResizeObserver(() => follows && toEnd());
  watcher.observe(scroller);
  watcher.observe(list);
  const render = (now) => {
    const isOther = now !== person || !list.childElementCount;
    person = now;
    if (isOther) list.replaceChildren();
    scroller.setAttribute("aria-label", now === null ? "" : say("chatOf", { name: nameOf(now) }));
    sync(list, now === null ? [] : wanted(now), !isOther);
    if (isOther) follows = true;
    if (follows) toEnd();
    newest.hidden = follows;
  };
  return { elements: [scroller, heard], newest, render, toEnd, announce: (text) => { heard.textContent = text; } };
}

/** What screen readers are told of messages that came or changed. */
export function toHear(name, messages) {
  return messages.filter((message) => message.from_bot)
    .map((message) => say("newMessage", { name, text: summary(message) })).join("\n");
}

function nameOf(person) {
  const { info } = chatOf(person);
  return info ? [info.user.first_name, info.user.last_name].filter(Boolean).join(" ") : "";
}

// What shall stand in the list: a key, what decides its look, and how it is made.
function wanted(person) {
  const chat = chatOf(person);
  const found = [];
  let before = 0;
  for (const message of chat.messages.values()) {
    if (areDaysApart(before, message.date)) found.push(dayLine(message.date));
    before = message.date;
    found.push({ key: String(message.message_id), look: signature(message), make: () => bubble(person, message) });
  }
  for (const item of pending(person)) {
    found.push({ key: item.key, look: item.state, make: () => draftBubble(item, () => postAgain(person, item.key)) });
  }
  if (!found.length && chat.info) found.push({ key: "empty", look: say("emptyTitle") + chat.info.description, make: () => empty(chat.info) });
  if (chat.info && chat.info.action) found.push({ key: "typing", look: "", make: typingBubble });
  return found;
}

function dayLine(date) {
  const text = day(date);
  return { key: `day${text}`, look: text, make: () => el("li", { class: "day" }, text) };
}

function empty(info) {
  return el("li", { class: "empty" }, robot(), el("h2", {}, say("emptyTitle")), el("p", {}, info.description || say("emptyText")));
}

/** The bot's picture. */
export function robot() {
  const circle = avatar("", 0);
  circle.replaceChildren(icon("bot"));
  return circle;
}

function sync(list, items, isLive) {
  const known = new Map([...list.children].map((child) => [child.itemKey, child]));
  let at = list.firstElementChild;
  for (const item of items) {
    let element = known.get(item.key);
    known.delete(item.key);
    if (element && element.itemLook === item.look) {
      if (element === at) at = at.nextElementSibling;
      else list.insertBefore(element, at);
      continue;
    }
    const made = made_(item);
    if (element) {
      if (element === at) at = at.nextElementSibling;
      keepFocus(element, made);
    } else {
      if (isLive) made.dataset.new = "yes";
      list.insertBefore(made, at);
    }
    element = made;
  }
  for (const gone of known.values()) gone.remove();
}

function made_(item) {
  const made = item.make();
  made.itemKey = item.key;
  made.itemLook = item.look;
  return made;
}

// Whoever goes through the keys by keyboard stays at the same place when the card changes.
function keepFocus(element, made) {
  const keys = [...element.querySelectorAll(".key")];
  const at = keys.indexOf(document.activeElement);
  element.replaceWith(made);
  if (at < 0) return;
  const now = [...made.querySelectorAll(".key:not([disabled])")];
  const next = now[Math.min(at, now.length - 1)];
  if (next) next.focus({ preventScroll: true });
}
