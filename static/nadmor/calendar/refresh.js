// The page keeps itself up to date: it asks whether anything is new, and only then for what that is.
"use strict";

import { read, whenReachable } from "./api.js";
import { config, say } from "./config.js";
import { shownDays, shownPractitioners, state, take } from "./state.js";
import { quietly } from "./actions.js";

const EVERY = config.poll_seconds * 1000;
const banner = document.getElementById("calendar-banner");
let timer = 0;
let asked = 0;
let isBehind = false;

/** Fetch what is shown, whatever is known of it. */
export async function load() {
    const number = (asked += 1);
    const [from, to] = shownDays();
    const practitioner = shownPractitioners();
    if (!practitioner.length) {
        take({ version: state.version, events: [], closed: [], days: [] });
        return;
    }
    const busy = setTimeout(() => document.getElementById("calendar-main").setAttribute("aria-busy", "true"), 300);
    try {
        const isMonth = state.view === "month";
        const found = await (isMonth ? read("month", { month: from.slice(0, 7), practitioner }) : read("feed", { from, to, practitioner }));
        // Somebody may have gone on to another day meanwhile, or be dragging at this moment.
        if (number === asked && !hold()) {
            take(found);
        }
    } finally {
        clearTimeout(busy);
        document.getElementById("calendar-main").removeAttribute("aria-busy");
    }
}

/** Whether this is no moment to draw anew; if so, it is made up for by `release`. */
function hold() {
    isBehind = state.dragging;
    return isBehind;
}

/** What was not drawn while something was dragged. */
export function release() {
    if (isBehind) {
        quietly(load);
    }
}

async function look() {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") {
        return;
    }
    try {
        const { version } = await read("version");
        if (version !== state.version && !hold()) {
            await load();
        }
    } catch (failure) {
        if (failure.status === 401) {
            signedOut();
            return;
        }
        // The banner says so; the next look will tell.
    } finally {
        clearTimeout(timer);
        timer = setTimeout(look, EVERY);
    }
}

function signedOut() {
    banner.replaceChildren(say("signed_out"), " ", Object.assign(document.createElement("a"), { href: location.href, textContent: say("sign_in") }));
    banner.hidden = false;
}

/** Begin. A page that comes back to the front, or a machine that wakes up, looks at once. */
export function keepFresh() {
    whenReachable((is) => {
        banner.textContent = say("offline");
        banner.hidden = is;
    });
    for (const [target, name] of [[document, "visibilitychange"], [window, "online"], [window, "pageshow"], [window, "focus"]]) {
        target.addEventListener(name, look);
    }
    timer = setTimeout(look, EVERY);
}
