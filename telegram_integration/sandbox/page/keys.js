// The inline keyboard below a message: what a tap does, and how a key looks until it is answered.

import { Away, Refused, act } from "./api.js";
import { tellAway } from "./chats.js";
import { ask, toast } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { say } from "./words.js";

const MANY = 4;
const LONGEST = 30_000; // milliseconds until a key that nobody answers can be tapped again
const HEARD = { success: "styleSuccess", danger: "styleDanger", primary: "stylePrimary" };

// By what is tapped ("message id|row|column|data"): the id of the callback query, "" until it is known.
const busy = new Map();
const answered = new Set();
let refresh = () => {};

/** Call `listener()` when keys change their look. */
export function onKeysChange(listener) {
  refresh = listener;
}

/** The keys of a message, or null. */
export function keyboard(person, message) {
  if (!message.buttons || !message.buttons.length) return null;
  const rows = message.buttons.map((row, at) =>
    el("div", { class: "key-row", data: { many: row.length > MANY ? "yes" : "" } },
      row.map((button, column) => key(person, message, button, `${message.message_id}|${at}|${column}|${button.data}`))),
  );
  return el("div", { class: "keyboard", role: "group" }, rows);
}

/** What the keys of a message look like besides what the message says. */
export function busyKeys(message) {
  return [...busy.keys()].filter((name) => name.startsWith(`${message.message_id}|`)).join();
}

function key(person, message, button, name) {
  const isBusy = busy.has(name);
  const made = el("button", {
    type: "button", class: "key", disabled: button.kind === "disabled", data: { style: button.style },
    aria: { busy: String(isBusy), ...(HEARD[button.style] ? { description: say(HEARD[button.style]) } : {}) },
    on: { click: () => (isBusy ? undefined : tapped(person, message, button, name)) },
  }, el("span", { class: "key-text" }, button.text), button.kind === "url" ? icon("out") : null);
  if (isBusy) made.append(el("span", { class: "only-heard" }, say("buttonWaits")));
  return made;
}

function tapped(person, message, button, name) {
  if (button.kind === "url") return void open(button.url);
  if (button.kind === "copy") return void navigator.clipboard.writeText(button.data || button.text);
  return void tap(person, message, button, name);
}

/** Open an address in a tab of its own, after asking. */
export async function open(address) {
  const isSafe = /^(https?:|tel:|mailto:)/i.test(address);
  if (isSafe && (await ask({ title: say("openLink"), text: address, yes: say("open") }))) {
    window.open(address, "_blank", "noopener,noreferrer");
  }
}

async function tap(person, message, button, name) {
  busy.set(name, "");
  refresh();
  try {
    const told = await act(person, "tap", { data: button.data, message_id: message.message_id });
    if (!told.update_id || answered.has(told.callback_query_id)) release(name);
    else busy.set(name, told.callback_query_id);
    setTimeout(() => release(name), LONGEST);
  } catch (error) {
    release(name);
    if (error instanceof Away) tellAway(true);
    else if (error instanceof Refused) toast(say("notDone", { reason: error.message }));
    else throw error;
  }
}

function release(name) {
  if (busy.delete(name)) refresh();
}

/** The bot answered a tap: the key is free again, and what it said is shown. */
export function takeAnswer(answer) {
  answered.add(answer.callback_query_id);
  for (const [name, id] of busy) if (id === answer.callback_query_id) release(name);
  if (answer.url) void open(answer.url);
  if (!answer.text) return;
  if (answer.show_alert) void ask({ text: answer.text, yes: say("ok"), no: "" });
  else toast(answer.text);
}
