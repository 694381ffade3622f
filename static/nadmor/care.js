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

// A link in a message that does something: it leads to a page with a button, and here it is that button at once, which
// posts what was seen. The token is that of the page's other forms.
{
    const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });

    document.addEventListener("DOMContentLoaded", () => {
        const token = document.querySelector("input[name=csrfmiddlewaretoken]");
        for (const link of token ? document.querySelectorAll("a[data-posts]") : []) {
            const form = document.createElement("form"), button = document.createElement("button");
            Object.assign(form, { method: "post", action: link.href, className: "inline" });
            Object.assign(button, { type: "submit", className: `cursor-pointer ${link.className}` });
            button.append(...link.childNodes);
            form.append(hidden(token.name, token.value), hidden("seen", link.dataset.seen), button);
            link.replaceWith(form);
        }
    });
}
