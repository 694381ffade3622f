// Which times of a day nothing stands in: what a list can offer for booking. The server has the last word.
"use strict";

import { at, dayOf, minutesBetween, nextQuarter, now, today } from "./clock.js";
import { config, practitioners } from "./config.js";
import { shownPractitioners, state } from "./state.js";

const AWAY = new Set(["CANCELLED", "NO_SHOW"]);
const SHORTEST = 10; // minutes

/** Free spans of the day that is shown: {start, end, practitioner_id, practitioner}. */
export function freeSpans() {
    return shownPractitioners().flatMap((id) => spansOf(id, state.day));
}

function spansOf(id, day) {
    const hour = (count) => at(day, `${String(count % 24).padStart(2, "0")}:00`);
    const end = config.last_hour >= 24 ? `${day}T24:00:00` : hour(config.last_hour);
    const taken = [
        ...state.closed.filter((span) => span.practitioner_id === id),
        ...[...state.events.values()].filter((one) => one.practitioner_id === id && !AWAY.has(one.status)),
    ].sort((one, other) => one.start.localeCompare(other.start));
    const found = [];
    let from = hour(config.first_hour);
    if (day === today() && now() > from) {
        from = nextQuarter(now());
    }
    for (const span of taken) {
        if (span.start > from) {
            found.push({ start: from, end: span.start < end ? span.start : end });
        }
        from = span.end > from ? span.end : from;
    }
    found.push({ start: from, end });
    return found
        .filter((span) => span.start < span.end && dayOf(span.start) === day && minutesBetween(span.start, span.end) >= SHORTEST)
        .map((span) => ({ ...span, practitioner_id: id, practitioner: practitioners.get(id)?.name ?? "" }));
}
