// What makes the week quicker to type: rows that come and go, a day copied to the others, bars that follow.
// Without it everything can be typed and sent all the same.
"use strict";
(() => {
    const SVG = "http://www.w3.org/2000/svg";

    function minutes(text) {
        const found = /^(\d{1,2})[:.](\d{2})$/.exec(text.trim());
        const at = found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
        return at <= 1440 ? at : NaN;
    }

    function pairsOf(day) {
        return [...day.querySelectorAll("[data-pair]")].map((pair) => [...pair.querySelectorAll("input")]);
    }

    function draw(day) {
        const svg = day.querySelector("svg");
        svg.querySelectorAll("rect").forEach((bar) => bar.remove());
        for (const [start, end] of pairsOf(day)) {
            const from = minutes(start.value);
            const until = minutes(end.value) || 1440;
            if (end.value.trim() && until > from) {
                const bar = document.createElementNS(SVG, "rect");
                const shape = { x: from, y: 1, width: until - from, height: 8 };
                Object.entries(shape).forEach(([name, value]) => bar.setAttribute(name, value));
                svg.append(bar);
            }
        }
    }

    function addPair(day, values = ["", ""]) {
        const first = day.querySelector("[data-pair]");
        const pair = first.cloneNode(true);
        pair.querySelectorAll("input").forEach((input, edge) => {
            input.value = values[edge];
            input.removeAttribute("aria-invalid");
            input.removeAttribute("aria-describedby");
        });
        [...day.querySelectorAll("[data-pair]")].at(-1).after(pair);
        return pair;
    }

    function removePair(pair, day) {
        const add = day.querySelector("[data-add]");
        if (day.querySelectorAll("[data-pair]").length > 1) {
            pair.remove();
        } else {
            pair.querySelectorAll("input").forEach((input) => { input.value = ""; });
        }
        draw(day);
        add.focus();
    }

    function copyToWeekdays(day) {
        const values = pairsOf(day).map((pair) => pair.map((input) => input.value));
        const period = day.closest("[data-period]");
        for (const other of period.querySelectorAll("[data-day]")) {
            // From Monday to Friday: weekends are rarely as the other days are.
            if (other === day || Number(other.dataset.day) > 4) continue;
            [...other.querySelectorAll("[data-pair]")].slice(1).forEach((pair) => pair.remove());
            const [first] = pairsOf(other);
            first.forEach((input, edge) => { input.value = values[0][edge]; });
            values.slice(1).forEach((pair) => addPair(other, pair));
            draw(other);
        }
        const said = document.querySelector("[data-said]");
        said.textContent = said.dataset.copied;
    }

    function showReason() {
        const reason = document.querySelector("[data-reason]");
        if (!reason) return;
        const choices = [...document.querySelectorAll("select[data-fate]")];
        reason.hidden = !choices.some((choice) => choice.value === "cancel");
    }

    document.querySelectorAll("[data-add], [data-copy], [data-remove], [data-all]").forEach((control) => {
        control.hidden = false;
    });
    showReason();

    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-add], [data-copy], [data-remove]");
        const day = button?.closest("[data-day]");
        if (!day) return;
        if (button.matches("[data-add]")) addPair(day).querySelector("input").focus();
        if (button.matches("[data-copy]")) copyToWeekdays(day);
        if (button.matches("[data-remove]")) removePair(button.closest("[data-pair]"), day);
    });

    document.addEventListener("input", (event) => {
        const day = event.target.closest("[data-day]");
        if (day) draw(day);
    });

    document.addEventListener("change", (event) => {
        if (event.target.matches("select[data-fate]")) showReason();
        if (event.target.matches("[data-all]")) {
            const boxes = event.target.closest("form").querySelectorAll('input[name="holiday"]');
            boxes.forEach((box) => { box.checked = event.target.checked; });
        }
    });
})();
