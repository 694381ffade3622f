// A Buddhist year that somebody typed becomes the Gregorian one as soon as the field is left: they see how it
// was understood, and the calendar beside the field opens on the right month. The server reads both.
"use strict";
document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.matches(".vDateField, .vCustomDateField")) {
        input.value = input.value.replace(/\d{4}/, (year) => (year >= 2400 ? String(year - 543) : year));
    }
});
