// The page of bulk work keeps itself up to date: its numbers by a small answer, its rows and buttons when they change.
"use strict";

{
    // How often it asks (milliseconds), and how long it waits after an answer that did not come.
    const PAUSE = 1000, AFTER_FAULT = 5000;

    const page = document.querySelector("[data-batch]");

    const widen = (root) => {
        for (const bar of root.querySelectorAll("[data-percent]")) {
            bar.style.width = `${bar.dataset.percent}%`;
        }
    };

    const show = (told) => {
        page.querySelector("[data-batch-how-far]").textContent = told.how_far;
        for (const [name, count] of Object.entries(told.counts)) {
            page.querySelector(`[data-batch-count="${name}"]`).textContent = count;
        }
        const bar = page.querySelector("[data-batch-bar]");
        bar.setAttribute("aria-valuenow", told.percent);
        bar.firstElementChild.dataset.percent = told.percent;
        widen(bar);
    };

    // What is read anew replaces what is there; who was on a button of it lands on the heading.
    const renew = async (parts) => {
        const answer = await fetch(location.href, { credentials: "same-origin" });
        if (!answer.ok) {
            throw new Error(answer.status);
        }
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of parts) {
            const old = page.querySelector(part), now = fresh.querySelector(part);
            const hadFocus = old.contains(document.activeElement);
            old.replaceWith(document.adoptNode(now));
            if (hadFocus) {
                page.querySelector("[data-batch-heading]").focus();
            }
        }
        const { state, refused, over } = fresh.querySelector("[data-batch]").dataset;
        Object.assign(page.dataset, { state, refused, over });
        widen(page);
    };

    const ask = async () => {
        const answer = await fetch(page.dataset.progress, {
            credentials: "same-origin", headers: { Accept: "application/json" },
        });
        if (!answer.ok) {
            throw new Error(answer.status);
        }
        const told = await answer.json();
        show(told);
        if (told.state !== page.dataset.state) {
            await renew(["[data-batch-standing]", "[data-batch-items]"]);
        } else if (String(told.counts.refused) !== page.dataset.refused) {
            await renew(["[data-batch-items]"]);
        }
    };

    const watch = () => {
        if (page.dataset.over === "yes") {
            return;
        }
        ask().then(() => setTimeout(watch, PAUSE), () => setTimeout(watch, AFTER_FAULT));
    };

    if (page) {
        setTimeout(watch, PAUSE);
    }
}
