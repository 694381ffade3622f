// Booking in one dialog: for whom, what, with whom, when; and for somebody who has walked in, without the when.
"use strict";

import { book } from "./actions.js";
import { Refusal, newToken } from "./api.js";
import { at, nextQuarter, now, readDay, readTime, sayDay, sayTypedDay, timeOf, today } from "./clock.js";
import { config, practitioners, practitionersOf, say, services } from "./config.js";
import { openDialog } from "./dialogs.js";
import { during, field, fill, icon, make, showWrong, timeInput } from "./dom.js";
import { personPart } from "./person.js";
import { refusalPlace } from "./refusals.js";
import { state } from "./state.js";

// The fields of the server by the names that the form has for them.
const NAMES = { guest_name: "name", guest_phone: "phone", service_id: "service", practitioner_id: "practitioner", start: "time" };

/** Open it; `start` and `practitioner_id` are what was pointed at. */
export function openBooking({ start = "", practitioner_id = "", isWalkIn = false } = {}) {
    const token = newToken();
    const person = personPart();
    const when = isWalkIn ? null : whenPart(start || usualStart());
    const what = whatPart(practitioner_id);
    const notes = make("textarea", { name: "notes", rows: 2, maxlength: 2000 });
    const refusal = refusalPlace({
        take: (slot) => {
            when?.set(slot.start);
            what.set(slot.practitioner_id);
            return isWalkIn ? bookAt(slot.start) : send();
        },
        overbook: (reason) => send({ overbook_reason: reason }),
    });
    const submit = make("button", { type: "submit", class: "nm-button nm-button-primary" }, icon(isWalkIn ? "directions_walk" : "check"), make("span", { text: say(isWalkIn ? "walk_in" : "book") }));
    const form = make(
        "form",
        { novalidate: true, class: "nm-form" },
        person.element,
        make("div", { class: "nm-fields" }, what.elements, when?.elements ?? [], field(say("notes"), notes, { wide: true })),
        refusal.element,
        make("footer", {}, submit),
    );

    async function send(more = {}, address = isWalkIn ? "walk_in" : "book") {
        refusal.clear();
        showWrong(form);
        if (!person.isSomebody()) {
            refusal.show(new Refusal(400, { error: { message: say("who_is_it") } }));
            person.start();
            return;
        }
        const time = when?.read();
        if (when && !time) {
            showWrong(form, { time: [say("no_such_time")] });
            return;
        }
        try {
            const who = await person.settled();
            if (who) {
                await book(address, { token, ...who, ...what.read(), ...(time && { start: time }), notes: notes.value.trim(), ...more });
                dialog.close();
            }
        } catch (failure) {
            const fields = Object.entries(failure.fields ?? {}).map(([name, texts]) => [NAMES[name] ?? name, texts]);
            const left = showWrong(form, Object.fromEntries(fields));
            refusal.show(failure, left);
        }
    }

    // A walk-in for whom nothing is free now may take a later time: that is a booking like any other.
    const bookAt = (time) => send({ start: time }, "book");

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        during(submit, () => send());
    });
    const dialog = openDialog({ title: say(isWalkIn ? "walk_in" : "new_appointment"), body: form, wide: true });
    person.start();
}

/** Now, or the first hour of another day that is looked at. */
function usualStart() {
    const hour = String(config.first_hour % 24).padStart(2, "0");
    return state.day > today() ? at(state.day, `${hour}:00`) : nextQuarter(now());
}

function whatPart(practitionerId) {
    const service = make("select", { name: "service" });
    const practitioner = make("select", { name: "practitioner" });
    const offered = config.services.filter((one) => !practitionerId || one.practitioner_ids.includes(practitionerId));
    const worded = (one) => say("service_minutes", { name: one.name, minutes: one.minutes });
    fill(service, (offered.length ? offered : config.services).map((one) => [String(one.id), worded(one)]));

    function offer(chosen) {
        const who = practitionersOf(service.value).map((one) => [one.id, one.name]);
        fill(practitioner, [["", say("anybody")], ...who], chosen);
    }
    service.addEventListener("change", () => offer(practitioner.value));
    offer(practitionerId);
    return {
        elements: [field(say("service"), service), field(say("practitioner"), practitioner)],
        set: (id) => offer(practitioners.has(id) ? id : ""),
        read: () => ({ service_id: services.get(service.value)?.id ?? 0, practitioner_id: practitioner.value || null }),
    };
}

function whenPart(start) {
    const day = make("input", { name: "day", autocomplete: "off", required: true, maxlength: 10, inputmode: "numeric", placeholder: say("day_form") });
    const time = timeInput();
    const shown = make("p", { class: "nm-hint", role: "status" });
    const understood = () => (shown.textContent = readDay(day.value) ? sayDay(readDay(day.value)) : say("no_such_day"));

    function set(wall) {
        day.value = sayTypedDay(wall);
        time.value = timeOf(wall);
        understood();
    }
    day.addEventListener("input", understood);
    set(start);
    const days = field(say("day"), day);
    days.append(shown);
    return {
        elements: [days, field(say("time"), time)],
        set,
        read: () => (readDay(day.value) && readTime(time.value) ? at(readDay(day.value), readTime(time.value)) : null),
    };
}
