// Below the timeline: what is typed, the commands, the keyboard that the bot asks for, the Start button.

import { chatOf } from "./chats.js";
import { ask } from "./dialogs.js";
import { el, icon, iconButton } from "./dom.js";
import { toggleMenu } from "./menus.js";
import { post } from "./outbox.js";
import { askContact } from "./person_dialog.js";
import { say } from "./words.js";

const drafts = new Map();

/**
 * The foot of a chat, with `render(person)` and `focus()`. `act(what, fields)` does what shows no message at
 * once; `payload()` is what a link to this page gave along for the bot's start, "" without one.
 */
export function composer({ act, payload, newest }) {
  const foot = el("div", { class: "foot" });
  const field = el("textarea", { rows: "1", dir: "auto", enterkeyhint: "send", autocomplete: "off" });
  const state = { person: null, look: "", wantsFocus: false };
  field.addEventListener("input", () => drafts.set(state.person, field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send(state.person, field);
  });
  const render = (person) => {
    foot.hidden = person === null;
    if (person === null) return;
    const chat = chatOf(person);
    const look = JSON.stringify([person, lookOf(chat.info), payload(), say("send")]);
    if (look === state.look) return;
    if (person !== state.person) field.value = drafts.get(person) || "";
    Object.assign(state, { person, look });
    fill(foot, { person, info: chat.info, field, act, payload, newest });
    if (state.wantsFocus) focus();
  };
  // The field may come only with the answer of the server.
  const focus = () => {
    field.focus();
    state.wantsFocus = document.activeElement !== field;
  };
  return { element: foot, render, focus };
}

function lookOf(info) {
  return info && [info.is_started, info.is_blocked, info.reply_keyboard, info.commands, info.user.phone, info.bot.first_name];
}

function fill(foot, parts) {
  const { info, act, payload, newest, field } = parts;
  const hadFocus = document.activeElement === field;
  foot.replaceChildren(newest);
  if (!info) return;
  if (info.is_blocked) foot.append(el("p", { class: "blocked" }, say("blocked")), wide(say("unblock"), () => act("unblock")));
  else if (!info.is_started || payload()) foot.append(wide(say("start"), () => act("start", payload() ? { payload: payload() } : {})));
  else foot.append(line(foot, parts), ...replyKeyboard(parts));
  if (hadFocus) field.focus();
}

function wide(text, listener) {
  return el("button", { type: "button", class: "filled begin", on: { click: listener } }, text);
}

function line(foot, parts) {
  const { person, info, field } = parts;
  field.placeholder = (info.reply_keyboard && info.reply_keyboard.placeholder) || say("write");
  field.setAttribute("aria-label", say("write"));
  const commands = el("button", { type: "button", class: "menu-button", aria: { haspopup: "menu", expanded: "false" } },
    icon("menu"), say("commands"));
  commands.addEventListener("click", () => toggleMenu(commands, foot, commandItems(person, info)));
  const clip = iconButton("clip", say("attach"), () => toggleMenu(clip, foot, attachItems(parts), "at-end"));
  clip.setAttribute("aria-haspopup", "menu");
  const button = iconButton("send", say("send"), () => send(person, field), { class: "icon-button send" });
  return el("div", { class: "composer" }, commands, field, clip, button);
}

function send(person, field) {
  const text = field.value.trim();
  if (!text) return;
  post(person, "text", { text }, text);
  field.value = "";
  drafts.delete(person);
}

function commandItems(person, info) {
  if (!info.commands.length) return [{ content: say("noCommands"), perform: () => {} }];
  return info.commands.map(({ command, description }) => ({
    content: [el("span", { class: "command" }, `/${command}`), el("span", { class: "command-about" }, description)],
    perform: () => post(person, "text", { text: `/${command}` }, `/${command}`),
  }));
}

function attachItems(parts) {
  const { person } = parts;
  const entry = (drawing, text, perform) => ({ content: [icon(drawing), el("span", {}, text)], perform });
  return [
    entry("phone", say("shareOwn"), () => shareOwn(parts)),
    entry("person", say("shareOther"), () => shareOther(person)),
    entry("image", say("sendPhoto"), () => post(person, "media", { kind: "photo" }, say("photo"))),
    entry("smile", say("sendSticker"), () => post(person, "media", { kind: "sticker" }, say("sticker"))),
  ];
}

async function shareOwn({ person, info }) {
  const text = say("shareText", { bot: info.bot.first_name, phone: info.user.phone });
  if (await ask({ title: say("shareTitle"), text, yes: say("share") })) {
    post(person, "contact", {}, info.user.phone);
  }
}

async function shareOther(person) {
  const fields = await askContact();
  if (fields) post(person, "contact", { ...fields, own: false }, fields.phone);
}

function replyKeyboard(parts) {
  const { info } = parts;
  if (!info.reply_keyboard) return [];
  const rows = info.reply_keyboard.rows.map((row) => el("div", { class: "reply-row" }, row.map((button) => replyButton(button, parts))));
  return [el("div", { class: "reply-keyboard", role: "group" }, rows)];
}

function replyButton(button, parts) {
  const perform = () => (button.request_contact ? void shareOwn(parts) : post(parts.person, "text", { text: button.text }, button.text));
  return el("button", { type: "button", data: { style: button.style }, on: { click: perform } },
    button.text);
}
