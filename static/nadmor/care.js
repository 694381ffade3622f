// What every page of the admin needs so that the content-security policy can be strict.
"use strict";

// htmx would write its styles into the page, and evaluate code out of attributes; both are refused. Its styles stand
// in admin.css. It only ever talks to ourselves.
if (window.htmx) {
    Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false, selfRequestsOnly: true });
}

// Alpine and Select2 set the attribute `style`, which the policy refuses as it would in the page itself. The same
// through the object model is a script's own doing, and allowed.
{
    const setAttribute = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
        if (String(name).toLowerCase() === "style" && this.style) {
            this.style.cssText = value;
        } else {
            setAttribute.call(this, name, value);
        }
    };
}

// How long a bar is cannot be written as a style either: <div data-percent="37">.
document.addEventListener("DOMContentLoaded", () => {
    for (const bar of document.querySelectorAll("[data-percent]")) {
        bar.style.width = `${bar.dataset.percent}%`;
    }
});
