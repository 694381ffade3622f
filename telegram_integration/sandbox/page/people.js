// The list on the left: people, the page's language and colours.

import { newest, chatOf } from "./chats.js";
import { avatar, el, icon } from "./dom.js";
import { summary } from "./bubbles.js";
import { hour } from "./times.js";
import { pageLanguage, say } from "./words.js";

/** The list, with `render(state)`. What is done in it is told to `open(id)`, `add()`, `speak(language)`,
 * `colour(theme)`, `choose(bot)`. */
export function peopleList({ open, add, speak, colour, choose }) {
  const aside = el("aside", { class: "people" });
  const render = ({ people, opened, bots, bot, theme }) => {
    const at = aside.querySelector(".people-list")?.scrollTop || 0;
    const focused = document.activeElement?.closest?.(".people [data-name]")?.dataset.name;
    aside.replaceChildren(
      el("header", { class: "people-head" }, el("h1", {}, say("people"))),
      el("p", { class: "people-note" }, say("peopleNote")),
      el("ul", { class: "people-list" }, people.map((person) => entry(person, person.id === opened, open))),
      el("button", { type: "button", class: "outlined people-new", data: { name: "new" }, on: { click: add } }, icon("plus"), say("newPerson")),
      el("footer", { class: "people-foot" }, botChoice(bots, bot, choose), el("div", { class: "switches" },
        choiceOf(say("pageLanguage"), [["th", say("thai")], ["en", say("english")]], pageLanguage(), speak),
        choiceOf(say("theme"), [["auto", say("auto")], ["light", say("light")], ["dark", say("dark")]], theme, colour))),
    );
    aside.querySelector(".people-list").scrollTop = at;
    if (focused) aside.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  return { element: aside, render };
}

function entry(person, isOpen, open) {
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  const last = newest(person.id);
  const { unread } = chatOf(person.id);
  return el("li", {}, el("button", {
    type: "button", class: "person", data: { name: `person${person.id}` }, aria: { current: String(isOpen) }, on: { click: () => open(person.id) },
  }, avatar(name, person.id), el("span", { class: "person-name" }, name), el("span", { class: "person-time" }, last ? hour(last.date) : ""),
  el("span", { class: "person-last" }, el("span", {}, last ? summary(last) : person.phone || say("noMessages")),
    unread ? el("span", { class: "unread", aria: { label: say("unread", { count: unread }) } }, String(unread)) : null)));
}

function choiceOf(label, choices, chosen, choose) {
  return el("div", { class: "switch", role: "group", aria: { label } }, choices.map(([value, text]) =>
    el("button", { type: "button", data: { name: value }, aria: { pressed: String(value === chosen) }, on: { click: () => choose(value) } }, text)));
}

function botChoice(bots, bot, choose) {
  if (bots.length < 2) return null;
  const select = el("select", { on: { change: () => choose(select.value) } }, bots.map((known) =>
    el("option", { value: known.id, selected: String(known.id) === String(bot) }, `${known.first_name} @${known.username}`)));
  return el("label", { class: "field" }, say("whichBot"), select);
}
