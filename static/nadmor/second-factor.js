// Recovery codes: printed or copied by a button. Without scripts they are on the page to be written down.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const codes = [...document.querySelectorAll("#recovery-codes li")].map((line) => line.textContent.trim());
  const does = {
    print: () => window.print(),
    copy: async (button) => {
      await navigator.clipboard.writeText(codes.join("\n"));
      document.getElementById("codes-status").textContent = button.dataset.done;
    },
  };
  for (const button of document.querySelectorAll("[data-codes]")) {
    // A page that came by plain HTTP has no clipboard.
    if (button.dataset.codes === "copy" && !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", () => does[button.dataset.codes](button));
  }
});
