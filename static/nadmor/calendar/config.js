// What the server has put into the page: addresses, words, who may what, which practitioners and services there are.
"use strict";

export const config = JSON.parse(document.getElementById("calendar-data").textContent);

/** A text by its name; `{name}` in it is replaced by the value of that name. */
export function say(key, values = {}) {
    return String(config.words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

export const practitioners = new Map(config.practitioners.map((one) => [one.id, one]));
export const services = new Map(config.services.map((one) => [String(one.id), one]));
export const statuses = new Map(config.statuses.map((one) => [one.value, one]));

/** Who offers a service, of those whose columns this reader has. */
export function practitionersOf(serviceId) {
    const offered = new Set(services.get(String(serviceId))?.practitioner_ids ?? []);
    return config.practitioners.filter((one) => offered.has(one.id));
}
