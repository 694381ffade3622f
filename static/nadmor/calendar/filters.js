// What stands above the calendar: the day, the view, whose columns, which statuses.
"use strict";

import { LOCALE, readDay, sayDay, sayMonth, sayShortDay, sayTypedDay, today } from "./clock.js";
import { config, practitioners, say, statuses } from "./config.js";
import { fill, icon, make } from "./dom.js";
import { VIEWS, choose, chooseOne, dayBeside, isNarrow, mostShown, show, shownDays, shownPractitioners, state } from "./state.js";

const byId = (id) => document.getElementById(id);

/** Bind the controls of the page's head. */
export function bindFilters() {
    byId("calendar-today").addEventListener("click", () => show({ day: today() }));
    byId("calendar-earlier").addEventListener("click", () => show({ day: dayBeside(-1) }));
    byId("calendar-later").addEventListener("click", () => show({ day: dayBeside(1) }));
    VIEWS.forEach((view) => byId(`calendar-view-${view}`).addEventListener("click", () => show({ view })));
    byId("calendar-free").addEventListener("change", (event) => show({ free: event.target.checked }));
    byId("calendar-practitioner").addEventListener("change", (event) => event.target.value && chooseOne(event.target.value));
    bindDay(byId("calendar-day"));
    practitionerChoices();
    statusChoices();
    closeOutside();
}

function bindDay(input) {
    const go = () => {
        const day = readDay(input.value);
        input.setAttribute("aria-invalid", String(!day));
        if (day) {
            show({ day });
        }
    };
    input.addEventListener("change", go);
    input.form.addEventListener("submit", (event) => {
        event.preventDefault();
        go();
    });
}

function practitionerChoices() {
    const boxes = config.practitioners.map((one) => choice(one.name, one.specialties.join(", "), state.chosen.includes(one.id), one.id));
    const list = byId("calendar-practitioners");
    list.replaceChildren(...boxes);
    list.addEventListener("change", () => {
        choose([...list.querySelectorAll("input:checked")].map((box) => box.value));
    });
}

function statusChoices() {
    const list = byId("calendar-statuses");
    list.replaceChildren(...config.statuses.map((one) => choice(one.label, "", !state.hidden.has(one.value), one.value, one.icon)));
    list.addEventListener("change", () => {
        const hidden = [...list.querySelectorAll("input:not(:checked)")].map((box) => box.value);
        show({ hidden: new Set(hidden) });
    });
}

const choice = (text, more, checked, value, symbol = "") =>
    make(
        "label",
        { class: "nm-choice" },
        make("input", { type: "checkbox", value, checked }),
        symbol && make("span", { class: `nm-status-${value}` }, icon(symbol)),
        make("span", {}, text, more && make("span", { class: "nm-hint", text: more })),
    );

/** Menus close by a click elsewhere and by Escape. */
function closeOutside() {
    const menus = [...document.querySelectorAll("#calendar-app details")];
    const close = (event) => menus.filter((menu) => menu.open && !menu.contains(event.target)).forEach((menu) => (menu.open = false));
    document.addEventListener("click", close);
    document.addEventListener("keydown", (event) => {
        const open = menus.find((menu) => menu.open);
        if (event.key === "Escape" && open) {
            open.open = false;
            open.querySelector("summary").focus();
        }
    });
}

/** Let the controls show what is shown. */
export function drawFilters() {
    byId("calendar-title").textContent = title();
    const input = byId("calendar-day");
    if (document.activeElement !== input || readDay(input.value) === state.day) {
        input.value = sayTypedDay(state.day);
    }
    VIEWS.forEach((view) => byId(`calendar-view-${view}`).setAttribute("aria-pressed", String(view === state.view)));
    byId("calendar-free").checked = state.free;
    byId("calendar-free-label").hidden = state.view !== "list" || !config.can.book;
    drawOne(byId("calendar-practitioner"));
    byId("calendar-practitioners-menu").hidden = isNarrow() || config.practitioners.length < 2;
    limitColumns();
    byId("calendar-print").href = `${config.urls.print}?${printed()}`;
}

/** The chooser of one practitioner; where several are shown it names them. */
function drawOne(select) {
    const who = shownPractitioners();
    const several = who.map((id) => practitioners.get(id)?.name).join(", ");
    const choices = config.practitioners.map((one) => [one.id, one.name]);
    const offered = who.length > 1 ? [["", several], ...choices] : choices;
    // Filling it anew would close it below somebody's fingers.
    if (select.dataset.offered !== JSON.stringify(offered)) {
        fill(select, offered);
        select.dataset.offered = JSON.stringify(offered);
    }
    select.value = who.length > 1 ? "" : who[0];
    select.hidden = (!isNarrow() && state.view !== "week") || config.practitioners.length < 2;
}

function printed() {
    // One sheet for one column; of several, everybody who is booked.
    const who = shownPractitioners();
    return new URLSearchParams({ day: state.day, ...(who.length === 1 && { practitioner: who[0] }) });
}

function limitColumns() {
    const boxes = [...byId("calendar-practitioners").querySelectorAll("input")];
    const chosen = shownPractitioners().filter((id) => practitioners.has(id));
    const number = new Intl.NumberFormat(LOCALE);
    byId("calendar-practitioners-count").textContent = number.format(chosen.length);
    byId("calendar-practitioners-most").textContent = say("at_most", { count: number.format(mostShown()) });
    boxes.forEach((box) => {
        box.checked = chosen.includes(box.value);
        box.disabled = (!box.checked && chosen.length >= mostShown()) || (box.checked && chosen.length === 1);
    });
}

function title() {
    const [first, last] = shownDays();
    if (state.view === "week") {
        return saySpanOfDays(first, last);
    }
    return state.view === "month" ? sayMonth(first) : sayDay(state.day);
}

const saySpanOfDays = (first, last) => say("days", { first: sayShortDay(first), last: sayShortDay(last) });
