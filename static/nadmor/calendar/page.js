// The calendar's page: brings its parts together.
"use strict";

import { move, quietly } from "./actions.js";
import { Refusal } from "./api.js";
import { openBooking } from "./booking.js";
import { openCard } from "./card.js";
import { dayOf, sayMoment, today } from "./clock.js";
import { config, practitioners, say } from "./config.js";
import { openDialog } from "./dialogs.js";
import { make } from "./dom.js";
import { bindFilters, drawFilters } from "./filters.js";
import { drawGrid, makeGrid } from "./grid.js";
import { bindKeys } from "./keys.js";
import { drawList } from "./list.js";
import { drawMonth } from "./month.js";
import { refusalPlace, wordsOf } from "./refusals.js";
import { keepFresh, load, release } from "./refresh.js";
import { redraw, state, whenChanged } from "./state.js";
import { toast } from "./toasts.js";
import { drawWhose } from "./whose.js";

const places = Object.fromEntries(["grid", "list", "month"].map((name) => [name, document.getElementById(`calendar-${name}`)]));

function picked({ start, practitioner_id }) {
    if (!config.can.book) {
        return;
    }
    if (dayOf(start) < today()) {
        toast(say("day_is_over"), { kind: "failed" });
        return;
    }
    openBooking({ start, practitioner_id });
}

/** Dropped: shown where it is wanted, and put back with the reason where that cannot be. */
async function dropped(entry, start, practitionerId) {
    if (start === entry.start && practitionerId === entry.practitioner_id) {
        return;
    }
    // Nothing is drawn anew until the server has answered.
    state.dragging = true;
    places.grid.classList.add("nm-pending");
    try {
        await move(entry, { start, practitioner_id: practitionerId });
    } catch (failure) {
        explain(failure, entry, { start, practitioner_id: practitionerId });
    } finally {
        state.dragging = false;
        places.grid.classList.remove("nm-pending");
        redraw();
        release();
    }
}

function explain(failure, entry, wanted) {
    if (!(failure instanceof Refusal) || failure.reason === "moved_meanwhile") {
        const now = failure.event;
        const where = now && say("is_at", { name: now.name, when: sayMoment(now.start), practitioner: now.practitioner });
        toast([wordsOf(failure), where].filter(Boolean).join(" "), { kind: "failed" });
        return;
    }
    const retry = async (to) => {
        try {
            await move(state.events.get(entry.id) ?? entry, to);
            dialog.close();
        } catch (again) {
            place.show(again);
        }
    };
    const place = refusalPlace({
        take: (slot) => retry({ start: slot.start, practitioner_id: slot.practitioner_id }),
        overbook: (overbook_reason) => retry({ ...wanted, overbook_reason }),
    });
    const whither = { name: entry.name, when: sayMoment(wanted.start), practitioner: practitioners.get(wanted.practitioner_id)?.name ?? "" };
    const body = make("div", { class: "nm-card" }, make("p", { text: say("put_back", whither) }), place.element);
    const dialog = openDialog({ title: say("not_moved"), body, id: entry.id });
    place.show(failure);
}

function draw() {
    const isGrid = state.view === "day" || state.view === "week";
    places.grid.hidden = !isGrid || !state.chosen.length;
    places.list.hidden = state.view !== "list";
    places.month.hidden = state.view !== "month";
    document.getElementById("calendar-none").hidden = state.chosen.length > 0;
    drawFilters();
    drawWhose(document.getElementById("calendar-whose"));
    if (state.dragging) {
        return;
    }
    if (isGrid) {
        drawGrid();
    } else if (state.view === "list") {
        drawList(places.list, { opened: openCard, picked });
    } else {
        drawMonth(places.month);
    }
}

makeGrid(places.grid, { opened: openCard, picked, dropped, dragStopped: release });
bindFilters();
bindKeys({ book: openBooking });
for (const [id, more] of [["calendar-new", {}], ["calendar-walk-in", { isWalkIn: true }]]) {
    document.getElementById(id)?.addEventListener("click", () => openBooking(more));
}
whenChanged((what) => {
    draw();
    if (what === "shown") {
        quietly(load);
    }
});
draw();
quietly(load);
keepFresh();
