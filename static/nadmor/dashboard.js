// Front pages that update by themselves: not while nobody looks, and at once when somebody does again.
"use strict";

const dashboards = () => document.querySelectorAll("[data-dashboard]");

// Widths are set by the object model: the content-security policy refuses the attribute.
const lengthen = (part) => {
    for (const bar of part.querySelectorAll("[data-percent]")) {
        bar.style.width = `${bar.dataset.percent}%`;
    }
};

document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.matches("[data-dashboard]")) {
        event.preventDefault();
    }
});

document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.target;
    if (!part.matches("[data-dashboard]")) {
        return;
    }
    const asked = new URL(part.getAttribute("hx-get"), location.href).pathname;
    if (new URL(event.detail.xhr.responseURL, location.href).pathname !== asked) {
        // Signed out meanwhile: what came is a log-in page, and belongs into no part of another one.
        event.preventDefault();
        location.reload();
    } else if (part.contains(document.activeElement)) {
        // Whoever is in the middle of it by keyboard keeps their place.
        event.preventDefault();
    }
});

document.addEventListener("htmx:load", (event) => lengthen(event.target));

document.addEventListener("visibilitychange", () => {
    if (!document.hidden && window.htmx) {
        for (const part of dashboards()) {
            htmx.trigger(part, "refresh");
        }
    }
});
