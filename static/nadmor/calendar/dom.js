// Elements made by hand: what people have written only ever becomes text.
"use strict";

/** An element. Of `given`, `class`, `text`, `on` (listeners) and `data` are special; the rest are attributes. */
export function make(tag, given = {}, ...children) {
    const { class: names, text, on = {}, data = {}, ...attributes } = given;
    const element = document.createElement(tag);
    if (names) {
        element.className = names;
    }
    if (text !== undefined) {
        element.textContent = text;
    }
    for (const [name, value] of Object.entries(attributes)) {
        if (value === true) {
            element.setAttribute(name, "");
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, value);
        }
    }
    Object.assign(element.dataset, data);
    for (const [name, listener] of Object.entries(on)) {
        element.addEventListener(name, listener);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** A name whose words stay whole: browsers break Thai by a dictionary, which takes surnames apart. */
export function wholeWords(name) {
    const words = String(name ?? "").split(" ");
    const parts = words.flatMap((text, place) => [place > 0 && " ", make("span", { class: "nm-whole", text })]);
    return make("span", { title: name }, ...parts);
}

/** A picture out of the admin's symbol font; words beside it say the same. */
export const icon = (name) => make("span", { class: "material-symbols-outlined nm-icon", "aria-hidden": "true", text: name });

/** A button; `kind` is "", "primary", "danger" or "quiet". */
export function button(text, click, { kind = "", symbol = "", ...more } = {}) {
    return make(
        "button",
        { type: "button", class: `nm-button ${kind && `nm-button-${kind}`}`, on: { click }, ...more },
        symbol && icon(symbol),
        make("span", { text }),
    );
}

/** A labelled control, with a place for what is wrong with it (`errors`, by the control's name). */
export function field(label, control, { help = "", wide = false } = {}) {
    control.id ||= `nm-${control.name}-${(field.count = (field.count ?? 0) + 1)}`;
    const wrong = make("p", { class: "nm-wrong", id: `${control.id}-wrong`, data: { wrong: control.name }, hidden: true });
    const hint = help && make("p", { class: "nm-hint", id: `${control.id}-hint`, text: help });
    control.setAttribute("aria-describedby", [hint?.id, wrong.id].filter(Boolean).join(" "));
    return make(
        "div",
        { class: `nm-field ${wide ? "nm-wide" : ""}` },
        make("label", { for: control.id, text: label }),
        control,
        hint,
        wrong,
    );
}

/** Show what is wrong with the controls of a form; what belongs to none of them is returned. */
export function showWrong(form, fields = {}) {
    const left = [];
    for (const place of form.querySelectorAll("[data-wrong]")) {
        place.hidden = true;
        form.elements[place.dataset.wrong]?.removeAttribute?.("aria-invalid");
    }
    for (const [name, texts] of Object.entries(fields)) {
        const place = form.querySelector(`[data-wrong="${CSS.escape(name)}"]`);
        if (place) {
            place.textContent = texts.join(" ");
            place.hidden = false;
            form.elements[name]?.setAttribute?.("aria-invalid", "true");
        } else {
            left.push(...texts);
        }
    }
    form.querySelector("[aria-invalid=true]")?.focus();
    return left;
}

/** A control for a time of day: the browser's own would have AM and PM where its language has. */
export const timeInput = (value = "") =>
    make("input", { name: "time", value, required: true, maxlength: 5, inputmode: "numeric", autocomplete: "off", placeholder: "09:30" });

/** Fill a select; each choice is a value and its text. */
export function fill(select, choices, chosen = "") {
    select.replaceChildren(...choices.map(([value, text]) => make("option", { value, text })));
    select.value = choices.some(([value]) => value === chosen) ? chosen : (choices[0]?.[0] ?? "");
}

/** Run something slow for a button: it says so meanwhile, and a second click does nothing. It keeps the focus. */
export async function during(pressed, work) {
    if (pressed.getAttribute("aria-disabled") === "true") {
        return;
    }
    pressed.setAttribute("aria-disabled", "true");
    pressed.setAttribute("aria-busy", "true");
    try {
        await work();
    } finally {
        pressed.removeAttribute("aria-disabled");
        pressed.removeAttribute("aria-busy");
    }
}
