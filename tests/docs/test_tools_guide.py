"""The page of the tools is what the tools say and do.

`WRITE_GUIDES=1 make test ARGS=tests/docs/test_tools_guide.py` writes it anew.
"""

import os

import pytest

from accounts.models import User
from apikeys.policies import POLICIES, Rate
from bookings.models import HealthcareService
from mcp_integration.toolbox.tool import Tool
from subscriptions.models import Plan
from tenants.context import inside
from tests.docs.tools_guide import DAY, GUIDE, LATER, STAGE_YEAR, written
from tests.mcp_integration.access.canary import OF_HOSPITALS
from tests.mcp_integration.conftest import credential_with_scopes
from tests.subscriptions.conftest import make_plan
from tests.support.tools import Tools

# Further than anybody books: to the story's days.
FAR = 30_000


class Story:
    """Calls each tool once, in a hospital where there is something to call it about."""

    def __init__(self, hospital, people, plan) -> None:
        self.own = Tools(credential_with_scopes(hospital, *OF_HOSPITALS))
        self.platform = Tools(credential_with_scopes(None, "admin:platform"))
        self.ids = {
            "hospital_id": str(hospital.uuid),
            "doctor_id": str(people.dr_bob.pk),
            "provider_id": str(people.dr_bob.pk),
            "patient_id": str(people.alice.pk),
            "user_id": str(people.nurse.pk),
            "plan_id": str(plan.pk),
        }
        self.days = {"date": DAY, "appointment_date": DAY, "follow_up_date": LATER, "new_date": LATER}
        self._furnish()

    def _furnish(self) -> None:
        call, ids = self.own.call, self.ids
        ids["specialty_id"] = call(
            "create_specialty", code="cardiology", name="Cardiology", description="Heart and vessels",
            name_th="โรคหัวใจ",
        )["id"]  # fmt: skip
        call("update_doctor_specialties", doctor_id=ids["doctor_id"], specialties=[self._training()])
        self.slot = {"event_type_id": 1, "date": DAY}
        self.guest = {"guest_name": "Malee Srisuk", "guest_phone": "081-234-5678"}
        self.to_move = _reference(call("create_booking", **self.slot, time="13:00", **self.guest))
        self.to_cancel = _reference(call("create_booking", **self.slot, time="15:00", **self.guest))
        who = {"patient_id": ids["patient_id"], "doctor_id": ids["doctor_id"]}
        ids["appointment_id"] = call(
            "create_appointment", **who, appointment_date=DAY, appointment_time="16:00:00", reason="Cough"
        )["id"]
        ids["record_id"] = call(
            "create_medical_record", patient_id=ids["patient_id"], title="First visit", description="Well.",
            record_type="CONSULTATION", diagnosis="", symptoms="A cough for a week",
        )["id"]  # fmt: skip
        ids["treatment_id"] = call(
            "create_treatment", **who, name="Rest", description="At home", instructions="Drink warm water",
            follow_up_date=LATER, medications=[],
        )["id"]  # fmt: skip

    def _training(self) -> dict:
        return {
            "specialty_id": self.ids["specialty_id"], "is_primary": True, "years_of_experience": 8,
            "certification_date": "2018-04-01",
        }  # fmt: skip

    def __call__(self, tool: Tool):
        ours = {**self.ids, **self.days}
        arguments = {name: ours.get(name, value) for name, value in tool.example.items()}
        arguments |= self._besides(tool.name)
        tools = self.platform if tool.name in {"create_hospital", "delete_hospital"} else self.own
        answer = tools.call(tool.name, **arguments)
        if tool.name == "create_subscription":
            self.ids["subscription_id"] = answer["id"]
        return arguments, answer

    def _besides(self, name: str) -> dict:
        """What the story asks otherwise than the example."""
        return {
            "create_booking": {"time": "10:00"},
            "search_appointments": {"phone": "081-234-5678"},
            "cancel_booking": {"booking_reference": self.to_cancel},
            "reschedule_booking": {"booking_reference": self.to_move, "new_time": "14:00"},
            "update_appointment_status": {"status": "CONFIRMED"},
            "update_doctor_specialties": {"specialties": [self._training()]},
            "create_specialty": {"code": "dermatology", "name": "Dermatology", "name_th": "โรคผิวหนัง",
                                 "description": "Skin"},
            "list_appointments": {"date_from": DAY, "date_to": DAY},
            "create_appointment": {"appointment_time": "11:30:00"},
            "get_hospital_statistics": {"date_from": DAY, "date_to": LATER},
        }.get(name, {})  # fmt: skip


def _reference(booked: dict) -> str:
    return booked["reference"] if "reference" in booked else booked["booking"]["reference"]


@pytest.fixture
def story(check_up, hospital, people, monkeypatch) -> Story:
    for name in POLICIES:
        monkeypatch.setitem(POLICIES, name, Rate(10**6, 60))
    with inside(hospital):
        HealthcareService.objects.update(horizon_days=FAR)
    Plan.objects.all().delete()
    return Story(hospital, people, make_plan(plan_type="PROFESSIONAL"))


def test_the_page_is_what_the_tools_say_and_do(story):
    assert User.objects.exists()
    page = written(story)

    assert STAGE_YEAR not in page
    if os.environ.get("WRITE_GUIDES"):
        GUIDE.write_text(page)
    assert page == GUIDE.read_text(), "WRITE_GUIDES=1 writes it anew: then look at the difference"
