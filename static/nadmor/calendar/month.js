// The month: how much there is on each day; a click opens the day.
"use strict";

import { addDays, dayOf, mondayOf, monthOf, sayDay, sayWeekday, today } from "./clock.js";
import { say, statuses } from "./config.js";
import { icon, make } from "./dom.js";
import { show, state } from "./state.js";

/** Draw the month into an element. */
export function drawMonth(element) {
    const first = monthOf(state.day);
    const start = mondayOf(first);
    const counts = new Map(state.month.map((one) => [one.date, one]));
    const weeks = [];
    for (let week = start; week < monthOf(first, 1); week = addDays(week, 7)) {
        const days = Array.from({ length: 7 }, (_, ahead) => addDays(week, ahead));
        weeks.push(make("tr", {}, days.map((day) => dayCell(day, counts.get(day), monthOf(day) === first))));
    }
    const heads = Array.from({ length: 7 }, (_, ahead) => make("th", { scope: "col", text: sayWeekday(addDays(start, ahead)) }));
    element.replaceChildren(make("table", { class: "nm-month" }, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, weeks)));
}

function dayCell(day, count, isInMonth) {
    if (!isInMonth) {
        return make("td", { class: "nm-other-month" });
    }
    const total = count?.total ?? 0;
    const words = [sayDay(day), say("appointments", { count: total }), count?.holiday].filter(Boolean).join(", ");
    const details = Object.entries(count?.by_status ?? {}).filter(([, many]) => many > 0);
    return make(
        "td",
        { class: day === today() ? "nm-today" : "" },
        make(
            "button",
            { type: "button", class: "nm-day", "aria-label": words, data: { day }, on: { click: () => show({ view: "day", day: dayOf(day) }) } },
            make("span", { class: "nm-day-number", text: String(Number(day.slice(8))) }),
            total > 0 && make("span", { class: "nm-day-total", text: String(total) }),
            count?.holiday && make("span", { class: "nm-holiday", text: count.holiday }),
            make("span", { class: "nm-day-statuses" }, details.map(([status, many]) => statusCount(status, many))),
        ),
    );
}

const statusCount = (status, many) =>
    make(
        "span",
        { class: `nm-count nm-status-${status}`, title: statuses.get(status)?.label ?? status },
        icon(statuses.get(status)?.icon ?? "event"),
        String(many),
    );
