"""Treatments: found, begun, changed. Every read is written down, by this tool's name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, CHANGE, READ, Group, Tool, for_example
from records.actions.reading import list_treatments, read_treatment
from records.actions.treatments import create_treatment, update_treatment
from records.serializers.treatments import (
    CreateTreatmentSerializer,
    ListTreatmentsSerializer,
    TreatmentSerializer,
    UpdateTreatmentSerializer,
)

_PATIENT = "7b0e5c1a-3f56-4d0e-9f5c-0d6f3f0a1b2c"
_DOCTOR = "c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
_TREATMENT = "9e8d7c6b-5a49-4382-b716-05f4e3d2c1b0"
_READS = ("treatments.read", "treatments.read_own")
_WRITES = ("treatments.write", "treatments.write_own")


class ListTreatmentsPageSerializer(ListTreatmentsSerializer, PageParameters):
    """Whose treatments, which, and which page of them."""


def _list(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(
        list_treatments,
        patient_id=call.data["patient_id"],
        only=asked.only(),
        **asked.page(),
        purpose="list_treatments",
    )


def _create(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(
        create_treatment,
        patient_id=call.data["patient_id"],
        practitioner_id=call.data["doctor_id"],
        texts=asked.texts(),
        medications=call.data["medications"],
        follow_up_date=call.data["follow_up_date"],
    )


def _update(call: Call) -> Any:
    asked: Any = call.asked
    given = call.data
    return call.do(
        update_treatment,
        treatment_id=given["treatment_id"],
        status=given.get("status"),
        plain={name: given[name] for name in ("follow_up_date",) if name in given},
        texts=asked.texts(),
        medications=given.get("medications"),
        purpose="update_treatment",
    )


def _given_again(call: Call, row: dict[str, Any]) -> None:
    """An answer that is repeated is read once more: by who may still, and with an entry in the log."""
    call.do(read_treatment, treatment_id=row["id"], purpose="repeated answer")


def _say_list(page: dict[str, Any]) -> str:
    return ngettext("%(count)d treatment.", "%(count)d treatments.", page["count"]) % {"count": page["count"]}


_LIST_EXAMPLE = {"patient_id": _PATIENT, "status": "ACTIVE"}
_CREATE_EXAMPLE = {
    "patient_id": _PATIENT,
    "doctor_id": _DOCTOR,
    "name": "Hypertension",
    "description": "Blood pressure above 150/95 for a month.",
    "medications": [
        {"name": "Amlodipine", "dosage": "5 mg", "frequency": "once a day", "duration": "30 days"}
    ],
    "instructions": "Measure each morning.",
    "follow_up_date": "2026-12-21",
}
_UPDATE_EXAMPLE = {"treatment_id": _TREATMENT, "status": "COMPLETED", "notes": "Pressure normal."}


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_treatments",
        title="List treatments",
        description=(
            "Lists a patient's treatments with everything in them, the latest first: name, status, "
            "medications, instructions, notes and follow-up. Use it to see what a patient takes and when to "
            "look again. Each use is written into the hospital's log of reads. " + for_example(_LIST_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=_READS,
        takes=ListTreatmentsPageSerializer,
        gives=page_serializer(TreatmentSerializer),
        run=_list,
        says=_say_list,
        example=_LIST_EXAMPLE,
        suggests=("update_treatment", "create_treatment"),
    ),
    Tool(
        name="create_treatment",
        title="Begin a treatment",
        description=(
            "Begins a treatment of a patient, today on the hospital's clocks, with its medications. Use it "
            "once a clinician has decided; list_treatments shows what there is, update_treatment changes or "
            "ends it. A doctor names themselves in `doctor_id`. Dosage, frequency and duration are words as "
            "they stand on a prescription. " + for_example(_CREATE_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=_WRITES,
        takes=CreateTreatmentSerializer,
        gives=TreatmentSerializer,
        run=_create,
        says=lambda _row: _("The treatment has begun."),
        given_again=_given_again,
        example=_CREATE_EXAMPLE,
        suggests=("list_treatments", "create_appointment"),
    ),
    Tool(
        name="update_treatment",
        title="Change or end a treatment",
        description=(
            "Changes a treatment; what is left out stays, and what stood there before is kept as an earlier "
            "version. A status of COMPLETED or DISCONTINUED ends it today; DISCONTINUED may become ACTIVE "
            "again, COMPLETED may not. `medications`, where given, are all of them. "
            + for_example(_UPDATE_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=CHANGE,
        needs=_WRITES,
        takes=UpdateTreatmentSerializer,
        gives=TreatmentSerializer,
        run=_update,
        says=lambda _row: _("The treatment is changed."),
        given_again=_given_again,
        example=_UPDATE_EXAMPLE,
        suggests=("list_treatments",),
    ),
)
