// A Buddhist year that somebody typed becomes the Gregorian one as soon as the field is left, so that the calendar
// beside the field opens on the right month; beside the field stands how it was understood, in the reader's own
// calendar. The server reads both.
"use strict";
{
    const FIELDS = ".vDateField, .vCustomDateField";
    const OFFSET = 543;
    const FIRST_BUDDHIST_YEAR = 2400;
    const language = document.documentElement.lang || "th";
    const isThai = language.startsWith("th");
    // Thai years are Buddhist by themselves.
    const words = new Intl.DateTimeFormat(isThai ? "th-TH" : "en-GB", {
        weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
    });

    // The day that a text means; null for none. The same two forms as tenants/admin_sites/dates.py reads.
    const read = (text) => {
        const found = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) || /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
        if (!found) {
            return null;
        }
        const [first, month, last] = found.slice(1).map(Number);
        const [day, year] = found[1].length === 4 ? [last, first] : [first, last];
        const gregorian = year >= FIRST_BUDDHIST_YEAR ? year - OFFSET : year;
        const date = new Date(Date.UTC(gregorian, month - 1, day));
        return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
    };

    const echoOf = (input) => {
        const id = `${input.id || input.name}-understood`;
        let echo = document.getElementById(id);
        if (!echo) {
            echo = document.createElement("span");
            echo.id = id;
            echo.className = "understood-date";
            echo.setAttribute("aria-live", "polite");
            input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
            input.parentElement.append(echo);
        }
        return echo;
    };

    const say = (input) => {
        const date = read(input.value.trim());
        if (date || document.getElementById(`${input.id || input.name}-understood`)) {
            echoOf(input).textContent = date ? words.format(date) : "";
        }
    };

    const isDate = (target) => target instanceof HTMLInputElement && target.matches(FIELDS);

    document.addEventListener("change", (event) => {
        if (isDate(event.target)) {
            const toGregorian = (year) => (year >= FIRST_BUDDHIST_YEAR ? String(year - OFFSET) : year);
            event.target.value = event.target.value.replace(/\d{4}/, toGregorian);
            say(event.target);
        }
    });
    document.addEventListener("input", (event) => isDate(event.target) && say(event.target));
    // A day that is chosen in the calendar comes without an event.
    document.addEventListener("focusin", (event) => isDate(event.target) && say(event.target));

    window.addEventListener("load", () => {
        document.querySelectorAll(FIELDS).forEach(say);
        const calendar = window.CalendarNamespace;
        if (!isThai || !calendar || calendar.isBuddhist) {
            return;
        }
        calendar.isBuddhist = true;
        const draw = calendar.draw;
        calendar.draw = function (month, year, div, ...rest) {
            draw.call(this, month, year, div, ...rest);
            const caption = document.getElementById(div)?.querySelector("caption");
            if (caption) {
                caption.textContent = caption.textContent.replace(/\d{4}/, (shown) => String(Number(shown) + OFFSET));
            }
        };
    });
}
