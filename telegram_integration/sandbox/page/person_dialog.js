// Windows that ask for a person: who one is, or whose number is passed on.

import { Refused, keepPerson } from "./api.js";
import { show } from "./dialogs.js";
import { el } from "./dom.js";
import { pageLanguage, say } from "./words.js";

const PHONE = /^\+\d{8,15}$/;

/** Make or change a person; resolves to them, or to null when the window is closed. */
export function askPerson(known = null) {
  const first = field("firstName", { value: known ? known.first_name : say("defaultFirst"), required: true, maxlength: "64", autocomplete: "off" });
  const last = field("lastName", { value: known ? known.last_name || "" : say("defaultLast"), maxlength: "64", autocomplete: "off" });
  const phone = phoneField(known ? known.phone : madeUpPhone());
  const language = el("select", {}, ["th", "en"].map((code) =>
    el("option", { value: code, selected: code === (known ? known.language_code : pageLanguage()) }, code === "th" ? say("thai") : say("english"))));
  return asked({
    title: known ? say("editTitle") : say("personTitle"),
    about: say("personAbout"),
    fields: [el("div", { class: "field-pair" }, first.label, last.label), phone.label, labelled(say("language"), language)],
    yes: known ? say("save") : say("begin"),
    read: () => keepPerson({
      ...(known ? { id: known.id } : {}), first_name: needed(first.input, "nameFault"), last_name: last.input.value.trim(),
      phone: read(phone.input), language_code: language.value,
    }),
  });
}

/** Somebody else's contact: `{first_name, phone}`, or null. */
export function askContact() {
  const name = field("firstName", { value: say("otherFirst"), required: true, maxlength: "64", autocomplete: "off" });
  const phone = phoneField(madeUpPhone());
  return asked({
    title: say("otherTitle"), about: say("otherText"), fields: [name.label, phone.label], yes: say("send"),
    read: async () => ({ first_name: needed(name.input, "nameFault"), phone: read(phone.input) }),
  });
}

function asked({ title, about, fields, yes, read: readAll }) {
  return new Promise((resolve) => {
    const fault = el("p", { class: "field-fault", role: "alert" });
    const cancel = el("button", { type: "button", class: "outlined", on: { click: () => dialog.close() } }, say("cancel"));
    const form = el("form", { novalidate: true }, el("h2", {}, title), el("p", { class: "about" }, about), fields, fault,
      el("div", { class: "answers" }, cancel, el("button", { class: "filled" }, yes)));
    const dialog = el("dialog", {}, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        resolve(await readAll());
        dialog.close();
      } catch (error) {
        fault.textContent = error instanceof Unfit ? error.message : error instanceof Refused ? say("notDone", { reason: error.message }) : say("away");
        if (error.input) error.input.focus();
      }
    });
    show(dialog, () => resolve(null));
  });
}

class Unfit extends Error {
  constructor(name, input) {
    super(say(name));
    this.input = input;
  }
}

function field(name, properties) {
  const input = el("input", properties);
  return { input, label: labelled(say(name), input) };
}

function phoneField(value) {
  const input = el("input", { type: "tel", value, inputmode: "tel", autocomplete: "off" });
  return { input, label: labelled(say("phone"), input, el("span", { class: "field-note" }, say("phoneNote"))) };
}

function labelled(text, ...inside) {
  return el("label", { class: "field" }, text, inside);
}

function needed(input, fault) {
  if (!input.value.trim()) throw new Unfit(fault, input);
  return input.value.trim();
}

// As somebody in Thailand types it, in the international form: 081 234 5678 is +66812345678.
function read(input) {
  const phone = input.value.replace(/[\s()-]/g, "").replace(/^0(?=\d{9}$)/, "+66");
  if (!PHONE.test(phone)) throw new Unfit("phoneFault", input);
  return phone;
}

function madeUpPhone() {
  return `+6680${String(Math.floor(Math.random() * 9_000_000) + 1_000_000)}`;
}
