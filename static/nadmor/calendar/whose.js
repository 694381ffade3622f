// Several practitioners in one week: each has a letter, which stands at the appointments and is explained above them.
"use strict";

import { practitioners } from "./config.js";
import { make } from "./dom.js";
import { shownPractitioners, state } from "./state.js";

const LETTERS = ["A", "B", "C", "D"];

/** Whether one column holds the appointments of several. */
export const isShared = () => state.view === "week" && shownPractitioners().length > 1;

/** The letter of a practitioner; words beside it say the same. */
export function letterOf(practitionerId) {
    const number = shownPractitioners().indexOf(practitionerId);
    return make("span", { class: `nm-letter nm-letter-${number}`, "aria-hidden": "true", text: LETTERS[number] ?? "" });
}

/** Draw what the letters mean. */
export function drawWhose(element) {
    element.hidden = !isShared();
    const named = (id) => make("li", {}, letterOf(id), make("span", { text: practitioners.get(id)?.name }));
    element.replaceChildren(...(element.hidden ? [] : shownPractitioners().map(named)));
}

/** When nobody works: where several share a column, the times at which none of them does. */
export function closedSpans() {
    if (!isShared()) {
        return state.closed;
    }
    const [first, ...others] = shownPractitioners().map((id) => state.closed.filter((span) => span.practitioner_id === id));
    return others.reduce(overlapsOf, first);
}

function overlapsOf(spans, others) {
    const meeting = (one) => others.filter((other) => other.start < one.end && one.start < other.end);
    return spans.flatMap((one) => meeting(one).map((other) => overlapOf(one, other)));
}

function overlapOf(one, other) {
    const start = one.start < other.start ? other.start : one.start;
    const end = one.end < other.end ? one.end : other.end;
    const isSame = one.kind === other.kind && one.title === other.title;
    return { ...one, start, end, ...(!isSame && { kind: "outside", title: "" }) };
}
