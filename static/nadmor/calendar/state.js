// What is shown: the view, the day, whose columns, which statuses; and the appointments that the server has told.
"use strict";

import { addDays, isDay, mondayOf, monthOf, today } from "./clock.js";
import { config, practitioners } from "./config.js";

export const MOST_COLUMNS = 8;
// In the week they share the width of a day.
export const MOST_IN_WEEK = 4;
export const VIEWS = ["day", "week", "month", "list"];
// Ids and words of ours alone: a front desk's browser is shared.
const MEMORY = "nadmor.calendar";
const narrow = window.matchMedia("(max-width: 640px)");

const remembered = (() => {
    try {
        return JSON.parse(localStorage.getItem(MEMORY)) ?? {};
    } catch {
        return {};
    }
})();
const asked = new URLSearchParams(location.hash.slice(1));

export const state = {
    view: VIEWS.find((view) => view === (asked.get("view") ?? remembered.view)) ?? (narrow.matches ? "list" : "day"),
    day: isDay(asked.get("day")) ? asked.get("day") : config.today,
    chosen: firstChosen(),
    weekly: knownOf(remembered.weekly).slice(0, MOST_IN_WEEK),
    hidden: new Set(remembered.hidden ?? ["CANCELLED"]),
    free: remembered.free ?? true,
    version: null,
    events: new Map(),
    closed: [],
    month: [],
    dragging: false,
};

function knownOf(ids) {
    return (ids ?? []).filter((id) => practitioners.has(id));
}

function firstChosen() {
    if (config.own_practitioner_id) {
        return [config.own_practitioner_id];
    }
    const known = knownOf(remembered.chosen);
    const all = config.practitioners.filter((one) => one.bookable !== false).map((one) => one.id);
    return (known.length ? known : all).slice(0, MOST_COLUMNS);
}

export const isNarrow = () => narrow.matches;
narrow.addEventListener("change", () => changed());

/** Whose appointments are shown: on a phone one's at a time; of a week one's, until several are chosen for it. */
export function shownPractitioners() {
    const ones = chosenOnes();
    return isNarrow() ? ones.slice(0, 1) : ones;
}

function chosenOnes() {
    if (state.view !== "week") {
        return state.chosen;
    }
    return state.weekly.length ? state.weekly : state.chosen.slice(0, 1);
}

/** How many may be shown at once. */
export const mostShown = () => (state.view === "week" ? MOST_IN_WEEK : MOST_COLUMNS);

/** Show the appointments of these practitioners: of the week, or of all else. */
export const choose = (ids) => show({ [state.view === "week" ? "weekly" : "chosen"]: ids });

/** Show those of this one: on a phone in each view, where no other can be added. */
export function chooseOne(id) {
    if (isNarrow()) {
        show({ weekly: [id], chosen: [id, ...state.chosen.filter((other) => other !== id)].slice(0, MOST_COLUMNS) });
    } else {
        choose([id]);
    }
}

/** The first and the last day of what is shown. */
export function shownDays() {
    if (state.view === "week") {
        return [mondayOf(state.day), addDays(mondayOf(state.day), 6)];
    }
    if (state.view === "month") {
        return [monthOf(state.day), addDays(monthOf(state.day, 1), -1)];
    }
    return [state.day, state.day];
}

/** The appointments that the filters let through, in the order of the day. */
export function shownEvents() {
    return [...state.events.values()]
        .filter((one) => !state.hidden.has(one.status))
        .sort((one, other) => one.start.localeCompare(other.start) || one.practitioner.localeCompare(other.practitioner));
}

/** The day that the buttons for earlier and later lead to. */
export function dayBeside(direction) {
    if (state.view === "month") {
        return monthOf(state.day, direction);
    }
    return addDays(state.day, direction * (state.view === "week" ? 7 : 1));
}

const listeners = new Set();

/** Hear of changes: `what` is "shown" where other days or columns are wanted, "events" where they are other now. */
export const whenChanged = (listener) => listeners.add(listener);
const changed = (what = "shown") => listeners.forEach((listener) => listener(what));

/** Show something else. */
export function show(wanted) {
    Object.assign(state, wanted);
    const { view, day, chosen, weekly, hidden, free } = state;
    try {
        localStorage.setItem(MEMORY, JSON.stringify({ view, chosen, weekly, hidden: [...hidden], free }));
    } catch {
        // A browser may forbid it; then nothing is remembered.
    }
    const place = view === "day" && day === today() ? "" : `#${new URLSearchParams({ view, day })}`;
    history.replaceState(null, "", location.pathname + location.search + place);
    changed(Object.keys(wanted).every((key) => ["hidden", "free"].includes(key)) ? "events" : "shown");
}

/** Take over what the server says. */
export function take({ version, events, closed, days }) {
    state.version = version;
    if (events) {
        state.events = new Map(events.map((one) => [one.id, one]));
        state.closed = closed;
    }
    state.month = days ?? state.month;
    changed("events");
}

/** One appointment as it is now. */
export function put(event) {
    const [first, last] = shownDays();
    const isShown = event.start.slice(0, 10) >= first && event.start.slice(0, 10) <= last;
    if (isShown && shownPractitioners().includes(event.practitioner_id)) {
        state.events.set(event.id, event);
    } else {
        state.events.delete(event.id);
    }
    changed("events");
}

/** Draw again what is known: what was dragged and refused goes back to where it is. */
export const redraw = () => changed("events");
