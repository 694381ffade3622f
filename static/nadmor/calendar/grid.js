// The day with a column for each practitioner, and the week: EventCalendar, told what to show.
/* global EventCalendar */
"use strict";

import { LOCALE, ZONE, addMinutes, daysBetween, minutesBetween, now, saySpan, timeOf, today, wallOf } from "./clock.js";
import { config, practitioners, say, services } from "./config.js";
import { icon, make, wholeWords } from "./dom.js";
import { shownDays, shownEvents, shownPractitioners, state } from "./state.js";
import { closedSpans, isShared, letterOf } from "./whose.js";

const OFF_STATUSES = new Set(["CANCELLED", "NO_SHOW"]);
let calendar = null;

/** Make it. `opened(entry)`, `picked({start, practitioner_id})`, `dropped(entry, start, practitionerId)` are told. */
export function makeGrid(element, { opened, picked, dropped, dragStopped }) {
    calendar = EventCalendar.create(element, {
        ...look(),
        eventClick: ({ event }) => event.extendedProps.entry && opened(event.extendedProps.entry),
        dateClick: ({ dateStr, resource }) => picked({ start: dateStr, practitioner_id: resource?.id ?? onlyOne() }),
        eventDragStart: () => (state.dragging = true),
        eventDragStop: () => {
            state.dragging = false;
            dragStopped();
        },
        // The text and not the Date: that one is in the browser's zone, where an hour may not exist.
        eventDrop: ({ event, delta, newResource }) => {
            const { entry } = event.extendedProps;
            const minutes = delta.days * 1440 + delta.seconds / 60;
            dropped(entry, addMinutes(entry.start, minutes), newResource?.id ?? entry.practitioner_id);
        },
    });
}

/** Whose week it is, where it is one's alone. */
const onlyOne = () => (shownPractitioners().length === 1 ? shownPractitioners()[0] : "");

function look() {
    return {
        view: "resourceTimeGridDay",
        date: state.day,
        timeZone: ZONE,
        locale: LOCALE,
        headerToolbar: { start: "", center: "", end: "" },
        allDaySlot: false,
        nowIndicator: true,
        firstDay: 1,
        slotDuration: "00:15:00",
        slotHeight: 26,
        // Less cannot be read: what has no room scrolls sideways.
        columnWidth: "minmax(7rem, 1fr)",
        slotLabelInterval: "01:00:00",
        snapDuration: config.services.every((one) => one.minutes % 15 === 0) ? "00:15:00" : "00:05:00",
        slotMinTime: clockTime(config.first_hour),
        slotMaxTime: clockTime(config.last_hour),
        flexibleSlotTimeLimits: true,
        slotEventOverlap: false,
        slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
        dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
        eventDurationEditable: false,
        eventStartEditable: true,
        eventLongPressDelay: 400,
        eventContent: ({ event }) => ({ domNodes: contentOf(event.extendedProps, event.display === "preview" ? wallOf(event.start) : "") }),
        resourceLabelContent: ({ resource }) => ({ domNodes: [wholeWords(practitioners.get(resource.id)?.name)] }),
    };
}

const clockTime = (hour) => `${String(hour).padStart(2, "0")}:00:00`;

/** Show what is known. */
export function drawGrid() {
    const view = state.view === "week" ? "timeGridWeek" : "resourceTimeGridDay";
    const from = state.day === today() ? Math.max(0, Number(timeOf(now()).slice(0, 2)) - 1) : config.first_hour;
    const wanted = {
        view,
        date: state.day,
        resources: shownPractitioners().map((id) => ({ id, title: "" })),
        scrollTime: clockTime(Math.max(from, config.first_hour)),
    };
    const before = told.get("view") + told.get("date");
    for (const [name, value] of Object.entries(wanted)) {
        // Setting what it is already would scroll it.
        if (JSON.stringify(calendar.getOption(name)) !== JSON.stringify(value) && !same(name, value)) {
            calendar.setOption(name, value);
            told.set(name, JSON.stringify(value));
        }
    }
    calendar.setOption("events", [...closedSpans().map(closedSpan), ...shownEvents().map(appointment)]);
    if (view === "timeGridWeek" && told.get("view") + told.get("date") !== before) {
        requestAnimationFrame(showDay);
    }
}

/** Scroll a week that is wider than its place to the day. */
function showDay() {
    const heads = [...document.querySelectorAll(".ec-time-grid .ec-header .ec-col-head")];
    const main = heads[0]?.closest(".ec-main");
    main?.scrollTo({ left: heads[daysBetween(shownDays()[0], state.day)].offsetLeft - heads[0].offsetLeft });
}

const told = new Map();
const same = (name, value) => told.get(name) === JSON.stringify(value);

/** Which columns are visible keeps; so does how far somebody has scrolled. */
function appointment(entry) {
    const names = ["nm-event", `nm-status-${entry.status}`];
    return {
        id: entry.id,
        resourceId: entry.practitioner_id,
        start: entry.start,
        end: entry.end,
        startEditable: entry.movable,
        classNames: [...names, entry.overbooked ? "nm-overbooked" : "", OFF_STATUSES.has(entry.status) ? "nm-off" : ""].filter(Boolean),
        extendedProps: { entry },
    };
}

function closedSpan(span, number) {
    return {
        id: `closed-${number}`,
        resourceId: span.practitioner_id,
        start: span.start,
        end: span.end,
        display: "background",
        classNames: ["nm-closed", `nm-closed-${span.kind}`],
        extendedProps: { title: span.kind === "outside" ? "" : span.title },
    };
}

/** What stands in it; `draggedTo` is where it would be dropped. */
function contentOf({ entry, title }, draggedTo) {
    if (!entry) {
        return [make("span", { class: "nm-closed-title", text: title })];
    }
    const lasts = minutesBetween(entry.start, entry.end);
    const start = draggedTo || entry.start;
    const end = addMinutes(start, lasts);
    const size = lasts < 20 ? "nm-short" : lasts < 30 ? "nm-middle" : "";
    const facts = [isShared() ? entry.practitioner : "", entry.service, entry.status_label].filter(Boolean);
    const swatch = make("span", { class: "nm-service" });
    swatch.style.backgroundColor = services.get(String(entry.service_id))?.colour || "transparent";
    return [
        make(
            "div",
            { class: `nm-entry ${size}`, data: { appointment: entry.id }, title: [saySpan(start, end), entry.name, ...facts].join(" · ") },
            make(
                "div",
                { class: "nm-entry-when" },
                isShared() && letterOf(entry.practitioner_id),
                icon(entry.icon),
                make("time", {}, timeOf(start), lasts >= 20 && make("span", { class: "nm-till", text: `–${timeOf(end)}` })),
                ...marksOf(entry),
            ),
            make("div", { class: "nm-entry-name", text: entry.name }),
            make("div", { class: "nm-entry-what" }, swatch, facts.join(" · ")),
        ),
    ];
}

/** Signs at an appointment, each with its words: queue number, overbooked, a note, Telegram and its like. */
export function marksOf(entry) {
    const marks = [];
    if (entry.queue_number !== null && entry.queue_number !== undefined) {
        marks.push(make("span", { class: "nm-queue", title: say("queue_number"), text: String(entry.queue_number) }));
    }
    if (entry.overbooked) {
        marks.push(mark("priority_high", say("overbooked")));
    }
    if (entry.note) {
        marks.push(mark("sticky_note_2", say("has_note")));
    }
    return marks;
}

const mark = (symbol, words) =>
    make("span", { class: "nm-mark", title: words }, icon(symbol), make("span", { class: "nm-unseen", text: words }));
