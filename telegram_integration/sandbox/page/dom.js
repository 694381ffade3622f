// Making elements. Text always becomes a text node: nothing that somebody sent is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  send: "M4 12 20 4l-5 16-4-7zM11 13l9-9",
  back: "M15 5l-7 7 7 7",
  clip: "M20 11.5l-8.5 8.5a5 5 0 0 1-7-7L13 4.5a3.3 3.3 0 0 1 4.7 4.7L9.3 17.6a1.7 1.7 0 0 1-2.4-2.4L14.5 7.6",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  plus: "M12 5v14M5 12h14",
  menu: "M5 7h14M5 12h14M5 17h9",
  down: "M6 9l6 6 6-6",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  phone: "M6 3h4l1.5 5-2 1.5a11 11 0 0 0 5 5l1.5-2 5 1.5v4a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  stop: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.8 5.8l12.4 12.4",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  shield: "M12 3l7 3v6c0 4-3 7.5-7 9-4-1.5-7-5-7-9V6z",
  out: "M8 16L17 7M10 7h7v7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  bot: "M5 9h14v9a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2zM12 9V5M12 5v.01M9.3 14v.01M14.7 14v.01M2.5 12.5v3M21.5 12.5v3",
};

/**
 * An element. `properties`: `class`, `data` (an object), `on` (event → listener), `aria` (an object), true and
 * false for attributes without a value, anything else an attribute. Children are elements, texts or nothing.
 */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(made, name, value);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  else if (name === "data") for (const [key, told] of Object.entries(value)) if (told || told === 0) element.dataset[key] = told;
    else continue;
  else if (name === "aria") for (const [key, told] of Object.entries(value)) element.setAttribute(`aria-${key}`, told);
  else element.setAttribute(name, value === true ? "" : value);
}

/** One of the drawings, hidden from screen readers. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", ICONS[name]);
  drawing.append(line);
  return drawing;
}

/** A round button with a drawing and a name that is heard. */
export function iconButton(drawing, label, listener, properties = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", title: label, aria: { label }, on: { click: listener }, ...properties },
    icon(drawing),
  );
}

/** The first letter of a name in a coloured circle. A Thai vowel in front belongs to the letter after it. */
export function avatar(name, id) {
  const letter = (name.match(/^[เแโใไ]?./u) || ["?"])[0];
  return el("span", { class: "avatar", data: { tint: String(Math.abs(Number(id)) % 6) }, aria: { hidden: "true" } }, letter);
}
