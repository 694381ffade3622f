// What is done to an appointment: the server is asked, what it answers is shown, and whoever did it may take it back.
"use strict";

import { Refusal, post } from "./api.js";
import { sayMoment } from "./clock.js";
import { say } from "./config.js";
import { put } from "./state.js";
import { toast } from "./toasts.js";
import { wordsOf } from "./refusals.js";

async function change(address, body) {
    try {
        const answer = await post(address, body);
        put(answer.event);
        return answer;
    } catch (failure) {
        // Somebody else was faster: this is how it is now.
        if (failure instanceof Refusal && failure.event) {
            put(failure.event);
        }
        throw failure;
    }
}

/**
 * Move an appointment from where it is shown; `to` is {start, practitioner_id, reason, overbook_reason}, or what the
 * server has answered as the way back.
 */
export async function move(event, to) {
    const { event: moved, undo } = await change("move", {
        id: event.id,
        seen_start: event.start,
        seen_practitioner_id: event.practitioner_id,
        ...to,
    });
    const text = say("moved_to", { name: moved.name, when: sayMoment(moved.start), practitioner: moved.practitioner });
    const back = () => quietly(() => move(moved, { ...undo, reason: say("undone") }));
    toast(text, { action: { text: say("undo"), run: back } });
    return moved;
}

/** Take a step of the visit. */
export async function step(event, status) {
    const { event: after } = await change("step", { id: event.id, status });
    const action = after.can_undo ? { text: say("undo"), run: () => quietly(() => undo(after)) } : null;
    toast(say("is_now", { name: after.name, status: after.status_label }), { action });
    return after;
}

/** Take the last step back. */
export async function undo(event) {
    const { event: after } = await change("undo", { id: event.id, status: event.status });
    toast(say("is_now", { name: after.name, status: after.status_label }));
    return after;
}

/** Cancel an appointment. */
export async function cancel(event, reason) {
    const { event: after } = await change("cancel", { id: event.id, reason });
    const action = after.can_undo ? { text: say("undo"), run: () => quietly(() => undo(after)) } : null;
    toast(say("is_now", { name: after.name, status: after.status_label }), { action });
    return after;
}

/** Book at a time, or for somebody who has walked in. */
export async function book(address, body) {
    const { event } = await post(address, body);
    put(event);
    const number = event.queue_number === null ? "" : say("queue_is", { number: event.queue_number });
    const when = sayMoment(event.start);
    toast(`${say("booked_at", { name: event.name, when, practitioner: event.practitioner })} ${number}`.trim());
    return event;
}

/** Do something whose failure is only told. */
export async function quietly(work) {
    try {
        return await work();
    } catch (failure) {
        toast(wordsOf(failure), { kind: "failed" });
        return null;
    }
}
