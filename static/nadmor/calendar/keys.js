// Keys of the page, and the dialog that lists them.
"use strict";

import { today } from "./clock.js";
import { config, say } from "./config.js";
import { openDialog } from "./dialogs.js";
import { make } from "./dom.js";
import { VIEWS, dayBeside, show, state } from "./state.js";

const TYPES_TEXT = "input, textarea, select, [contenteditable]";

/** Listen to the keys. `book()` opens the booking dialog. */
export function bindKeys({ book }) {
    const keys = {
        t: () => show({ day: today() }),
        ArrowLeft: () => show({ day: dayBeside(-1) }),
        ArrowRight: () => show({ day: dayBeside(1) }),
        n: () => config.can.book && book({}),
        w: () => config.can.book && book({ isWalkIn: true }),
        "/": () => document.getElementById("calendar-day").select(),
        "?": openHelp,
        ...Object.fromEntries(VIEWS.map((view, number) => [String(number + 1), () => show({ view })])),
    };
    document.addEventListener("keydown", (event) => {
        const isTyping = event.target.closest?.(TYPES_TEXT) || document.querySelector("dialog[open]");
        if (event.ctrlKey || event.altKey || event.metaKey || isTyping || state.dragging || !(event.key in keys)) {
            return;
        }
        event.preventDefault();
        keys[event.key]();
    });
    document.getElementById("calendar-help").addEventListener("click", openHelp);
}

function openHelp() {
    const rows = [
        ["t", say("today")],
        ["←", say("earlier")],
        ["→", say("later")],
        ["n", say("new_appointment")],
        ["w", say("walk_in")],
        ["/", say("go_to_day")],
        ["1 2 3 4", [say("view_day"), say("view_week"), say("view_month"), say("view_list")].join(", ")],
        ["Esc", say("close")],
    ];
    const list = make("dl", { class: "nm-facts" }, rows.map(([key, text]) => [make("dt", {}, make("kbd", { text: key })), make("dd", { text })]));
    openDialog({ title: say("keys"), body: make("div", {}, list, make("p", { class: "nm-hint", text: say("keys_list") })) });
}
