// One appointment: its facts, the steps of the visit as one click each, moving it by keyboard, cancelling it.
"use strict";

import { cancel, move, step, undo } from "./actions.js";
import { sayDay, saySpan } from "./clock.js";
import { say } from "./config.js";
import { openDialog } from "./dialogs.js";
import { button, during, field, icon, make } from "./dom.js";
import { movePanel } from "./moving.js";
import { refusalPlace } from "./refusals.js";
import { state, whenChanged } from "./state.js";

let current = null;

/** Open it; `panel` is "facts", "move" or "cancel". */
export function openCard(entry, panel = "facts") {
    const card = { entry, panel: "", body: make("div", { class: "nm-card" }) };
    card.dialog = openDialog({ title: entry.name, body: card.body, id: entry.id, closed: () => (current = null) });
    current = card;
    turnTo(card, panel);
}

// It shows the truth while it is open; what somebody is typing stays.
whenChanged(() => {
    const now = current && state.events.get(current.entry.id);
    if (now && JSON.stringify(now) !== JSON.stringify(current.entry)) {
        current.entry = now;
        if (current.panel === "facts") {
            turnTo(current, "facts");
        }
    }
});

function turnTo(card, panel) {
    const hadFocus = card.body.contains(document.activeElement) && document.activeElement.textContent;
    card.panel = panel;
    const panels = { facts: factsPanel, move: moving, cancel: cancelPanel };
    card.body.replaceChildren(...panels[panel](card));
    if (panel !== "facts") {
        card.body.querySelector("select, input, textarea")?.focus();
    } else if (hadFocus) {
        const same = [...card.body.querySelectorAll("button")].find((one) => one.textContent === hadFocus);
        (same ?? card.body.querySelector("button, a"))?.focus();
    }
}

function factsPanel(card) {
    const { entry } = card;
    const refusal = refusalPlace({});
    const act = (work) => async () => {
        refusal.clear();
        try {
            card.entry = await work(card.entry);
            turnTo(card, "facts");
        } catch (failure) {
            refusal.show(failure);
        }
    };
    const pressed = (text, work, more) => {
        const made = button(text, () => during(made, act(work)), more);
        return made;
    };
    const buttons = [
        ...entry.steps.map((one, number) => pressed(one.label, (now) => step(now, one.status), { symbol: one.icon, kind: number ? "" : "primary" })),
        entry.can_undo && pressed(entry.undo_label, (now) => undo(now), { symbol: "undo" }),
        entry.movable && button(say("move_dots"), () => turnTo(card, "move"), { symbol: "edit_calendar" }),
        entry.can_cancel && button(say("cancel_dots"), () => turnTo(card, "cancel"), { symbol: "event_busy", kind: "danger" }),
        make("a", { class: "nm-button", href: entry.url }, icon("open_in_full"), make("span", { text: say("full_page") })),
    ];
    return [facts(entry), refusal.element, make("div", { class: "nm-choices" }, buttons.filter(Boolean))];
}

function facts(entry) {
    const rows = [
        [say("status"), make("span", { class: `nm-status nm-status-${entry.status}` }, icon(entry.icon), make("span", { text: entry.status_label }))],
        [say("when"), `${sayDay(entry.start)}, ${saySpan(entry.start, entry.end)}`],
        [say("practitioner"), entry.practitioner],
        [say("service"), entry.service],
        [say("reference"), entry.reference],
        [say("phone"), entry.phone && make("a", { href: `tel:${entry.phone}`, text: entry.phone })],
        [say("hospital_number"), entry.hospital_number],
        [say("booked_by"), entry.source_label],
        [say("queue_number"), entry.queue_number === null ? "" : String(entry.queue_number)],
        [say("overbooked"), entry.overbooked ? entry.overbook_reason : ""],
        [say("notes"), entry.note ? make("a", { href: entry.url, text: say("read_note") }) : ""],
    ].filter(([, value]) => value);
    return make("dl", { class: "nm-facts" }, rows.map(([name, value]) => [make("dt", { text: name }), make("dd", {}, value)]));
}

function moving(card) {
    const done = (entry) => {
        card.entry = entry;
        card.dialog.close();
    };
    return movePanel(card.entry, { move: async (to) => done(await move(card.entry, to)), back: () => turnTo(card, "facts") });
}

function cancelPanel(card) {
    const reason = make("textarea", { name: "reason", rows: 2, maxlength: 500, required: true });
    const refusal = refusalPlace({});
    const submit = make("button", { type: "submit", class: "nm-button nm-button-danger" }, icon("event_busy"), make("span", { text: say("cancel_it") }));
    const form = make("form", { novalidate: true, class: "nm-form" }, field(say("why_cancelled"), reason, { wide: true }), refusal.element);
    form.append(make("footer", {}, button(say("back"), () => turnTo(card, "facts")), submit));

    async function send() {
        refusal.clear();
        if (!reason.value.trim()) {
            reason.setAttribute("aria-invalid", "true");
            reason.focus();
            return;
        }
        try {
            await cancel(card.entry, reason.value.trim());
            card.dialog.close();
        } catch (failure) {
            refusal.show(failure);
        }
    }
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        during(submit, send);
    });
    return [form];
}
