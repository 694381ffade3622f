// Short messages at the foot of the page, read out, with one thing that can be done about them.
"use strict";

import { say } from "./config.js";
import { button, during, icon, make } from "./dom.js";

const SHOWN_FOR = 10_000; // milliseconds
const place = document.getElementById("calendar-toasts");

/** Say something; `action` is {text, run}. It goes by itself, but not while somebody is at it. */
export function toast(text, { kind = "done", action = null } = {}) {
    const shown = make(
        "div",
        { class: `nm-toast nm-toast-${kind}` },
        icon(kind === "done" ? "check_circle" : "error"),
        make("span", { class: "nm-toast-text", text }),
    );
    const close = () => shown.remove();
    if (action) {
        const pressed = button(action.text, () => during(pressed, () => action.run().finally(close)), { kind: "quiet" });
        shown.append(pressed);
    }
    shown.append(make("button", { type: "button", class: "nm-close", "aria-label": say("close"), on: { click: close } }, icon("close")));
    // The newest one alone: what it undoes is what was done last.
    place.replaceChildren(shown);
    const fade = () => (shown.matches(":hover, :focus-within") ? setTimeout(fade, 2000) : close());
    setTimeout(fade, SHOWN_FOR);
}
