// The day as a table: everything that can be done in the columns, by keyboard and for screen readers.
"use strict";

import { quietly, step } from "./actions.js";
import { sayDay, saySpan } from "./clock.js";
import { config, say } from "./config.js";
import { button, during, icon, make } from "./dom.js";
import { freeSpans } from "./free.js";
import { marksOf } from "./grid.js";
import { shownEvents, state } from "./state.js";

const COLUMNS = ["time", "patient", "service", "practitioner", "status", "what_next"];

/** Draw the day into an element. `opened(entry, panel)` and `picked({start, practitioner_id})` are told. */
export function drawList(element, { opened, picked }) {
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    const events = shownEvents().map((entry) => [entry.start, entryRow(entry, opened)]);
    const free = state.free && config.can.book ? freeSpans().map((span) => [span.start, freeRow(span, picked)]) : [];
    const rows = [...events, ...free].sort(([one], [other]) => one.localeCompare(other)).map(([, row]) => row);
    if (!rows.length) {
        element.replaceChildren(make("p", { class: "nm-empty", text: say("nothing_on_day") }));
        return;
    }
    element.replaceChildren(
        make(
            "table",
            { class: "nm-table" },
            make("caption", { class: "nm-unseen", text: say("list_of", { day: sayDay(state.day) }) }),
            make("thead", {}, make("tr", {}, COLUMNS.map((name) => make("th", { scope: "col", text: say(name) })))),
            make("tbody", {}, rows),
        ),
    );
    giveFocusBack(element, focused);
}

/** To the same button of the same row; a step that is done gives way to the one that comes next. */
function giveFocusBack(element, focused) {
    const row = focused?.closest("tr")?.dataset.row;
    const buttons = row ? [...element.querySelectorAll(`[data-row="${CSS.escape(row)}"] button`)] : [];
    const same = buttons.find((one) => one.textContent === focused.textContent);
    (same ?? buttons[1] ?? buttons[0])?.focus({ preventScroll: true });
}

function entryRow(entry, opened) {
    const open = make("button", { type: "button", class: "nm-name", data: { appointment: entry.id }, on: { click: () => opened(entry) } });
    open.textContent = entry.name;
    const who = [entry.hospital_number, entry.phone].filter(Boolean).join(" · ");
    return make(
        "tr",
        { class: `nm-row nm-status-${entry.status}`, data: { row: entry.id } },
        make("td", { data: { label: say("time") } }, make("time", { class: "nm-when", text: saySpan(entry.start, entry.end) }), ...marksOf(entry)),
        make("td", { data: { label: say("patient") } }, open, make("div", { class: "nm-hint", text: who })),
        make("td", { data: { label: say("service") }, text: entry.service }),
        make("td", { data: { label: say("practitioner") }, text: entry.practitioner }),
        make("td", { data: { label: say("status") } }, make("span", { class: "nm-status" }, icon(entry.icon), make("span", { text: entry.status_label }))),
        make("td", { data: { label: say("what_next") } }, make("div", { class: "nm-choices" }, nextSteps(entry, opened))),
    );
}

function nextSteps(entry, opened) {
    const steps = entry.steps.map((one) => {
        const pressed = button(one.label, () => during(pressed, () => quietly(() => step(entry, one.status))), {
            symbol: one.icon,
            "aria-label": `${one.label}: ${entry.name}`,
        });
        return pressed;
    });
    const named = (text) => ({ "aria-label": `${text}: ${entry.name}` });
    const moves = entry.movable && button(say("move"), () => opened(entry, "move"), { symbol: "edit_calendar", ...named(say("move")) });
    return [...steps, moves];
}

function freeRow(span, picked) {
    const words = say("book_at", { time: saySpan(span.start, span.end), practitioner: span.practitioner });
    const book = () => picked({ start: span.start, practitioner_id: span.practitioner_id });
    return make(
        "tr",
        { class: "nm-row nm-row-free", data: { row: `${span.start}${span.practitioner_id}` } },
        make("td", { data: { label: say("time") } }, make("time", { class: "nm-when", text: saySpan(span.start, span.end) })),
        make("td", { data: { label: say("patient") }, class: "nm-hint", text: say("free") }),
        make("td", { class: "nm-none" }),
        make("td", { data: { label: say("practitioner") }, text: span.practitioner }),
        make("td", { class: "nm-none" }),
        make("td", { data: { label: say("what_next") } }, button(say("book"), book, { symbol: "add", "aria-label": words })),
    );
}
