// Finding a patient while typing: by name, phone or hospital number, with the arrow keys or the mouse.
"use strict";

import { post } from "./api.js";
import { sayDate } from "./clock.js";
import { say } from "./config.js";
import { field, icon, make } from "./dom.js";
import { wordsOf } from "./refusals.js";

const PAUSE = 250; // milliseconds without a key
const SHORTEST = 2; // letters

/** A patient in one line of facts. */
export function factsOf(patient) {
    const born = patient.born && say("born", { day: sayDate(patient.born) });
    const seen = patient.last_visit && say("last_visit", { day: sayDate(patient.last_visit) });
    return [patient.hospital_number, patient.phone, born, seen].filter(Boolean).join(" · ");
}

/** A search box with its results (ARIA's combobox). `chosen(patient)` is told. */
export function patientSearch({ chosen }) {
    const list = make("ul", { class: "nm-results", id: "nm-results", role: "listbox", "aria-label": say("patients") });
    const input = make("input", {
        name: "q", type: "search", autocomplete: "off", role: "combobox", maxlength: 100,
        "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list",
    });
    const told = make("p", { class: "nm-hint", role: "status" });
    let timer = 0;
    let asked = 0;
    let active = -1;

    function mark(next) {
        const options = [...list.children];
        active = options.length ? (next + options.length) % options.length : -1;
        options.forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
        if (active >= 0) {
            input.setAttribute("aria-activedescendant", options[active].id);
            options[active].scrollIntoView({ block: "nearest" });
        } else {
            input.removeAttribute("aria-activedescendant");
        }
    }

    function draw(results) {
        list.replaceChildren(...results.map((patient, number) => option(patient, number, chosen)));
        input.setAttribute("aria-expanded", String(results.length > 0));
        mark(-1 + Number(results.length > 0));
    }

    async function search() {
        const q = input.value.trim();
        const number = (asked += 1);
        if (q.length < SHORTEST) {
            draw([]);
            told.textContent = "";
            return;
        }
        try {
            const { results } = await post("patients", { q });
            // An older answer may come after a newer one.
            if (number === asked) {
                draw(results);
                told.textContent = results.length ? say("found", { count: results.length }) : say("nobody_found");
            }
        } catch (failure) {
            told.textContent = wordsOf(failure);
        }
    }

    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(search, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
        const moves = { ArrowDown: 1, ArrowUp: -1 };
        if (event.key in moves) {
            event.preventDefault();
            mark(active + moves[event.key]);
        } else if (event.key === "Enter") {
            event.preventDefault();
            list.children[active]?.click();
        }
    });
    const element = make("div", { class: "nm-search nm-wide" }, field(say("find_patient"), input, { help: say("find_help"), wide: true }), list, told);
    return { element, input };
}

function option(patient, number, chosen) {
    return make(
        "li",
        { id: `nm-result-${number}`, role: "option", "aria-selected": "false", on: { click: () => chosen(patient) } },
        icon("person"),
        make("span", {}, make("strong", { text: patient.name }), make("span", { class: "nm-hint", text: factsOf(patient) })),
    );
}
