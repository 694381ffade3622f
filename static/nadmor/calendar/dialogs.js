// Dialogs: the browser keeps the focus inside of <dialog> and closes it by Escape; afterwards the focus goes back.
"use strict";

import { say } from "./config.js";
import { icon, make } from "./dom.js";

let opened = 0;

/** Open a dialog; `id` is the appointment that it is about. What is returned closes it and changes its title. */
export function openDialog({ title, body, id = "", wide = false, closed = () => {} }) {
    const before = document.activeElement;
    const heading = make("h2", { id: `nm-dialog-${(opened += 1)}`, text: title });
    const close = make("button", { type: "button", class: "nm-close", "aria-label": say("close") }, icon("close"));
    const dialog = make(
        "dialog",
        { class: `nm-dialog ${wide ? "nm-dialog-wide" : ""}`, "aria-labelledby": heading.id },
        make("header", {}, heading, close),
        body,
    );
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
        dialog.remove();
        giveBack(before, id);
        closed();
    });
    document.getElementById("calendar-app").append(dialog);
    dialog.showModal();
    return {
        close: () => dialog.close(),
        rename: (text) => (heading.textContent = text),
        element: dialog,
        isOpen: () => dialog.open,
    };
}

/** To where it was; what was drawn anew meanwhile is found by the appointment that it shows. */
function giveBack(before, id) {
    const again = id && document.querySelector(`[data-appointment="${CSS.escape(id)}"]`)?.closest("button, [tabindex]");
    const target = before?.isConnected && before !== document.body ? before : again;
    (target || document.getElementById("calendar-title")).focus({ preventScroll: true });
}
