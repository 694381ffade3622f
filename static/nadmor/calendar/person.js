// For whom a visit is booked: a patient who is found, or somebody new, with a warning of who they may be already.
"use strict";

import { post } from "./api.js";
import { readDay } from "./clock.js";
import { say } from "./config.js";
import { button, field, icon, make } from "./dom.js";
import { factsOf, patientSearch } from "./search.js";

/** The part of a form that says who. `settled()` answers {patient_id} or {guest_name …}, or null to ask first. */
export function personPart() {
    const inputs = {
        name: make("input", { name: "name", maxlength: 200, autocomplete: "off" }),
        phone: make("input", { name: "phone", type: "tel", maxlength: 40, autocomplete: "off" }),
        hospital_number: make("input", { name: "hospital_number", maxlength: 30, autocomplete: "off" }),
        born: make("input", { name: "born", maxlength: 20, autocomplete: "off", placeholder: say("day_form") }),
    };
    const part = { patient: null, isNew: false, warned: "" };
    const warning = make("div", { class: "nm-warning", role: "alert", hidden: true });
    const fresh = make(
        "div",
        { class: "nm-fields", hidden: true },
        field(say("name"), inputs.name),
        field(say("phone"), inputs.phone),
        field(say("hospital_number"), inputs.hospital_number),
        field(say("born_on"), inputs.born),
    );
    const card = make("div", { class: "nm-chosen", hidden: true });
    const search = patientSearch({ chosen: choose });
    const anew = button(say("new_patient"), () => startNew(), { symbol: "person_add" });
    const finding = make("div", { class: "nm-finding" }, search.element, anew);

    function choose(patient) {
        Object.assign(part, { patient, isNew: false });
        const other = button(say("somebody_else"), findAgain, { kind: "quiet" });
        card.replaceChildren(icon("person"), make("span", {}, make("strong", { text: patient.name }), make("span", { class: "nm-hint", text: factsOf(patient) })), other);
        show();
    }

    function startNew() {
        Object.assign(part, { patient: null, isNew: true });
        const typed = search.input.value.trim();
        // What was searched for is most often what is written into the form.
        const target = /^[+\d][\d\s-]*$/.test(typed) ? inputs.phone : inputs.name;
        target.value ||= typed;
        show();
        inputs.name.focus();
    }

    function findAgain() {
        Object.assign(part, { patient: null, isNew: false });
        show();
        search.input.focus();
    }

    function show() {
        card.hidden = !part.patient;
        fresh.hidden = !part.isNew;
        finding.hidden = Boolean(part.patient) || part.isNew;
        back.hidden = !part.isNew;
        warning.hidden = true;
    }

    const back = button(say("find_patient_instead"), findAgain, { kind: "quiet", hidden: true });

    function warn(likely) {
        const rows = likely.map((one) =>
            make(
                "li",
                {},
                make("span", {}, make("strong", { text: one.name }), make("span", { class: "nm-hint", text: `${factsOf(one)} — ${one.why_text}` })),
                button(say("this_one"), () => choose(one)),
            ),
        );
        warning.replaceChildren(make("p", { text: say("maybe_known") }), make("ul", {}, rows), make("p", { class: "nm-hint", text: say("else_go_on") }));
        warning.hidden = false;
        warning.scrollIntoView({ block: "nearest" });
    }

    const typed = () => {
        const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
        // A day of birth is sent as the server writes days, whichever era it was typed in.
        return { ...values, born: readDay(values.born) ?? values.born };
    };

    async function settled() {
        if (part.patient) {
            return { patient_id: part.patient.id };
        }
        const person = typed();
        const facts = JSON.stringify(person);
        if (part.warned !== facts) {
            const { likely } = await post("duplicates", person);
            part.warned = facts;
            if (likely.length) {
                warn(likely);
                return null;
            }
        }
        if (!person.phone) {
            return { guest_name: person.name, guest_phone: "" };
        }
        const { patient } = await post("new_patient", person);
        choose(patient);
        return { patient_id: patient.id };
    }

    return {
        element: make("fieldset", {}, make("legend", { text: say("patient") }), card, finding, fresh, back, warning),
        settled,
        isSomebody: () => Boolean(part.patient) || part.isNew,
        start: () => search.input.focus(),
    };
}
