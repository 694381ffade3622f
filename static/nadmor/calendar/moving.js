// Moving by keyboard: with whom, on which day, at which of the free times; dragging does the same.
"use strict";

import { read } from "./api.js";
import { at, readDay, readTime, sayDay, sayTypedDay, timeOf } from "./clock.js";
import { practitionersOf, say } from "./config.js";
import { button, during, field, fill, icon, make, showWrong, timeInput } from "./dom.js";
import { refusalPlace, wordsOf } from "./refusals.js";

/** The elements of the form. `move(to)` does it and closes; `back()` leaves it. */
export function movePanel(entry, { move, back }) {
    const practitioner = make("select", { name: "practitioner" });
    const day = make("input", { name: "day", value: sayTypedDay(entry.start), maxlength: 10, autocomplete: "off", placeholder: say("day_form") });
    const time = timeInput(timeOf(entry.start));
    const reason = make("input", { name: "reason", maxlength: 500, autocomplete: "off" });
    const slots = make("div", { class: "nm-choices nm-slots", role: "group", "aria-label": say("free_times") });
    const told = make("p", { class: "nm-hint", role: "status" });
    const offered = practitionersOf(entry.service_id).map((one) => [one.id, one.name]);
    const known = offered.some(([id]) => id === entry.practitioner_id);
    fill(practitioner, known ? offered : [[entry.practitioner_id, entry.practitioner], ...offered], entry.practitioner_id);

    const refusal = refusalPlace({
        take: (slot) => go({ start: slot.start, practitioner_id: slot.practitioner_id }),
        overbook: (overbook_reason) => go({ ...wanted(), overbook_reason }),
    });
    const submit = make("button", { type: "submit", class: "nm-button nm-button-primary" }, icon("edit_calendar"), make("span", { text: say("move") }));
    const form = make(
        "form",
        { novalidate: true, class: "nm-form" },
        make("div", { class: "nm-fields" }, field(say("practitioner"), practitioner), field(say("day"), day), field(say("time"), time), field(say("why_moved"), reason)),
        told,
        slots,
        refusal.element,
        make("footer", {}, button(say("back"), back), submit),
    );

    const wanted = () => ({ start: at(readDay(day.value), readTime(time.value)), practitioner_id: practitioner.value });

    async function go(to) {
        refusal.clear();
        try {
            await move({ ...to, reason: reason.value.trim() });
        } catch (failure) {
            refusal.show(failure, showWrong(form, failure.fields));
        }
    }

    async function offerSlots() {
        const chosen = readDay(day.value);
        slots.replaceChildren();
        told.textContent = chosen ? say("looking") : say("no_such_day");
        if (!chosen) {
            return;
        }
        const asked = [chosen, practitioner.value].join();
        offerSlots.asked = asked;
        try {
            const found = await read("slots", { service: entry.service_id, day: chosen, practitioner: practitioner.value });
            if (offerSlots.asked === asked) {
                slots.replaceChildren(...found.slots.map(slotButton));
                told.textContent = say(found.slots.length ? "free_on" : "nothing_free_on", { day: sayDay(chosen) });
            }
        } catch (failure) {
            told.textContent = wordsOf(failure);
        }
    }

    function slotButton(slot) {
        const pressed = button(timeOf(slot.start), () => {
            time.value = timeOf(slot.start);
            return during(pressed, () => go({ start: slot.start, practitioner_id: slot.practitioner_id }));
        });
        return pressed;
    }

    practitioner.addEventListener("change", offerSlots);
    day.addEventListener("change", offerSlots);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (readDay(day.value) && readTime(time.value)) {
            during(submit, () => go(wanted()));
        } else {
            showWrong(form, { time: [say("no_such_time")] });
        }
    });
    offerSlots();
    return [make("p", { text: say("moving_of", { name: entry.name, service: entry.service }) }), form];
}
