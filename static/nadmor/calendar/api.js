// The server: every address answers JSON, also when it refuses.
"use strict";

import { config } from "./config.js";

const PATIENCE = 20_000; // milliseconds

/** The server has said no: `reason`, `message`, and what else it told (`alternatives`, `fields` …). */
export class Refusal extends Error {
    constructor(status, body) {
        const error = body?.error ?? {};
        super(error.message || `HTTP ${status}`);
        Object.assign(this, { status, reason: error.reason ?? "", fields: error.fields ?? {} });
        this.alternatives = error.alternatives ?? [];
        this.mayOverbook = Boolean(error.may_overbook);
        this.event = body?.event ?? null;
    }
}

/** The server could not be reached; whether it has heard us is unknown. */
export class Unreachable extends Error {}

const listeners = new Set();
let reachable = true;

/** Hear whether the server can be reached, whenever that changes. */
export const whenReachable = (listener) => listeners.add(listener);

function tell(is) {
    if (is !== reachable) {
        reachable = is;
        listeners.forEach((listener) => listener(is));
    }
}

async function call(address, options) {
    let answer;
    try {
        answer = await fetch(address, {
            credentials: "same-origin",
            cache: "no-store",
            signal: AbortSignal.timeout(PATIENCE),
            ...options,
        });
    } catch (failure) {
        tell(false);
        throw new Unreachable(failure.message);
    }
    // What stands between us and the application answers in its place while that is away.
    const body = await answer.json().catch(() => null);
    tell(answer.status < 502 || body !== null);
    if (!answer.ok || body === null) {
        throw body === null && answer.status >= 500 ? new Unreachable(answer.statusText) : new Refusal(answer.status, body);
    }
    return body;
}

/** Read; `params` name a value or several. */
export function read(name, params = {}) {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(params)) {
        [value].flat().forEach((one) => query.append(key, one));
    }
    return call(`${config.urls[name]}?${query}`, {});
}

/** Change something, or look for people: what is asked for stands in the body, never in an address. */
export function post(name, body) {
    // The cookie is the newer one where somebody has signed in again in another window.
    const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    const token = cookie ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
    return call(config.urls[name], {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
    });
}

/** A name for one intention: the server does it once, however often it is asked. */
export function newToken() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
