"""Medical records: found, read, written, changed. Every read is written down, by this tool's name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, CHANGE, READ, Group, Tool, for_example
from records.actions.reading import list_records, read_record
from records.actions.records import create_record, update_record
from records.serializers.records import (
    CreateMedicalRecordSerializer,
    GetMedicalRecordSerializer,
    ListMedicalRecordsSerializer,
    MedicalRecordSerializer,
    MedicalRecordSummarySerializer,
    UpdateMedicalRecordSerializer,
)

_PATIENT = "7b0e5c1a-3f56-4d0e-9f5c-0d6f3f0a1b2c"
_RECORD = "2f9d8f6e-1c5b-4b73-8a0e-6a1d0c9b8e7f"
_READS = ("records.read", "records.read_own")
_WRITES = ("records.write", "records.write_own")


class ListMedicalRecordsPageSerializer(ListMedicalRecordsSerializer, PageParameters):
    """Whose medical records, which, and which page of them."""


def _list(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(
        list_records,
        patient_id=call.data["patient_id"],
        only=asked.only(),
        **asked.page(),
        purpose="list_medical_records",
    )


def _get(call: Call) -> Any:
    return call.do(read_record, record_id=call.data["record_id"], purpose="get_medical_record")


def _create(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(
        create_record,
        patient_id=call.data["patient_id"],
        record_type=call.data["record_type"],
        texts=asked.texts(),
        attachments=call.data.get("attachments", ()),
    )


def _update(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(
        update_record,
        record_id=call.data["record_id"],
        record_type=call.data.get("record_type"),
        texts=asked.texts(),
        attachments=call.data.get("attachments"),
        purpose="update_medical_record",
    )


def _given_again(call: Call, row: dict[str, Any]) -> None:
    """An answer that is repeated is read once more: by who may still, and with an entry in the log."""
    call.do(read_record, record_id=row["id"], purpose="repeated answer")


def _say_list(page: dict[str, Any]) -> str:
    said = ngettext("%(count)d medical record.", "%(count)d medical records.", page["count"])
    return said % {"count": page["count"]}


_LIST_EXAMPLE = {"patient_id": _PATIENT, "record_type": "CONSULTATION", "date_from": "2026-01-01"}
_GET_EXAMPLE = {"record_id": _RECORD}
_CREATE_EXAMPLE = {
    "patient_id": _PATIENT,
    "title": "Fever for two days",
    "description": "Temperature 38.4 °C, throat red.",
    "record_type": "CONSULTATION",
    "diagnosis": "Pharyngitis",
    "symptoms": "เจ็บคอ กลืนลำบาก",
}
_UPDATE_EXAMPLE = {"record_id": _RECORD, "treatment_plan": "Rest, fluids, again in three days."}


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_medical_records",
        title="List medical records",
        description=(
            "Lists a patient's medical records, the latest first: id, type, title, date and author of each. "
            "Use it to find out what there is; get_medical_record gives the content of one. Dates are days "
            "on the hospital's clocks, both inclusive. Each use is written into the hospital's log of "
            "reads. " + for_example(_LIST_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=_READS,
        takes=ListMedicalRecordsPageSerializer,
        gives=page_serializer(MedicalRecordSummarySerializer),
        run=_list,
        says=_say_list,
        example=_LIST_EXAMPLE,
        suggests=("get_medical_record",),
    ),
    Tool(
        name="get_medical_record",
        title="Get a medical record",
        description=(
            "Gives one medical record with everything in it: description, diagnosis, symptoms in the "
            "patient's own words, plan, notes and references of attached documents. list_medical_records "
            "gives the id. Each use is written into the hospital's log of reads. " + for_example(_GET_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=_READS,
        takes=GetMedicalRecordSerializer,
        gives=MedicalRecordSerializer,
        run=_get,
        says=lambda _row: _("The medical record, with everything in it."),
        example=_GET_EXAMPLE,
        suggests=("update_medical_record", "list_treatments"),
    ),
    Tool(
        name="create_medical_record",
        title="Write a medical record",
        description=(
            "Writes a new medical record about a patient; the author is the practitioner who is signed in. "
            "Use it for something new; update_medical_record changes what there is, and create_treatment "
            "begins a treatment. Leave `diagnosis` empty where no clinician has made one. Attachments are "
            "ids of documents in another system, never addresses or content. " + for_example(_CREATE_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=_WRITES,
        takes=CreateMedicalRecordSerializer,
        gives=MedicalRecordSerializer,
        run=_create,
        says=lambda _row: _("The medical record is written."),
        given_again=_given_again,
        example=_CREATE_EXAMPLE,
        suggests=("create_treatment", "update_medical_record"),
    ),
    Tool(
        name="update_medical_record",
        title="Change a medical record",
        description=(
            "Changes a medical record; what is left out stays as it is, and what stood there before is kept "
            "as an earlier version. `attachments`, where given, are all of them. Read the record first with "
            "get_medical_record. " + for_example(_UPDATE_EXAMPLE)
        ),
        group=Group.HEALTHCARE,
        hints=CHANGE,
        needs=_WRITES,
        takes=UpdateMedicalRecordSerializer,
        gives=MedicalRecordSerializer,
        run=_update,
        says=lambda _row: _("The medical record is changed."),
        given_again=_given_again,
        example=_UPDATE_EXAMPLE,
        suggests=("get_medical_record",),
    ),
)
