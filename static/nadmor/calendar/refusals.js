// What is shown of a refusal: why, the free times instead as buttons, and overbooking to whoever may, with a reason.
"use strict";

import { Refusal, Unreachable } from "./api.js";
import { say } from "./config.js";
import { button, during, field, make } from "./dom.js";

/** A failure in words. */
export function wordsOf(failure) {
    if (failure instanceof Unreachable) {
        return say("unreachable");
    }
    return failure instanceof Refusal ? failure.message : say("failed");
}

/**
 * A place for refusals. `take(slot)` is told of an alternative that was chosen, `overbook(reason)` of the wish to
 * overbook; both return promises.
 */
export function refusalPlace({ take, overbook }) {
    const place = make("div", { class: "nm-refusal", role: "alert", hidden: true });

    function show(failure, left = []) {
        const texts = [wordsOf(failure), ...left];
        place.replaceChildren(...texts.map((text) => make("p", { text })));
        if (failure instanceof Refusal) {
            place.append(...alternatives(failure, take), ...overbooking(failure, overbook));
            if (failure.status === 401) {
                place.append(make("a", { class: "nm-button", href: location.href, text: say("sign_in") }));
            }
        }
        place.hidden = false;
        place.scrollIntoView({ block: "nearest" });
    }

    function clear() {
        place.hidden = true;
        place.replaceChildren();
    }
    return { element: place, show, clear };
}

function alternatives(refusal, take) {
    if (!take || !refusal.alternatives.length) {
        return [];
    }
    const choices = refusal.alternatives.map((slot) => {
        const pressed = button(slot.text, () => during(pressed, () => take(slot)));
        return pressed;
    });
    return [make("p", { class: "nm-hint", text: say("free_instead") }), make("div", { class: "nm-choices" }, choices)];
}

function overbooking(refusal, overbook) {
    if (!overbook || !refusal.mayOverbook) {
        return [];
    }
    const reason = make("input", { name: "overbook_reason", maxlength: 500, required: true, autocomplete: "off" });
    const pressed = button(say("overbook"), () => {
        if (reason.value.trim()) {
            return during(pressed, () => overbook(reason.value.trim()));
        }
        reason.setAttribute("aria-invalid", "true");
        return reason.focus();
    }, { kind: "danger", symbol: "priority_high" });
    return [make("div", { class: "nm-overbook" }, field(say("overbook_reason"), reason, { wide: true }), pressed)];
}
