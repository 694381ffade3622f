/* The button of the day's list. */
"use strict";

document.querySelector("[data-print]").addEventListener("click", () => window.print());
