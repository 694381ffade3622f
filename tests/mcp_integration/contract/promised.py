"""The tools as they are promised: names, and parameters that must and that may be sent.

Written by hand from the specification; `tools.json` beside it is what the code makes of it.
"""

from typing import NamedTuple


class Promise(NamedTuple):
    """Parameters of one tool. With `more`, others may be sent too ("any field")."""

    required: str
    optional: str = ""
    more: bool = False


_HOSPITAL = (
    "name subdomain registration_number email phone_number address_line1 city state country postal_code "
    "hospital_type"
)

BOOKING = {
    # `subdomain` may be left out where the credentials belong to one hospital.
    "get_event_types": Promise("", "subdomain"),
    "check_availability": Promise("event_type_id date", "subdomain"),
    "create_booking": Promise(
        "event_type_id date time guest_name", "subdomain guest_email guest_phone notes provider_id hold_id"
    ),
    "search_appointments": Promise("", "subdomain email phone booking_reference"),
    "cancel_booking": Promise("booking_reference", "subdomain reason confirm"),
    "reschedule_booking": Promise("booking_reference new_date new_time", "subdomain reason"),
}
BESIDES = {"hold_slot": Promise("event_type_id date time", "subdomain provider_id")}
HEALTHCARE = {
    "list_hospitals": Promise("", "search is_active"),
    "get_hospital": Promise("hospital_id"),
    "create_hospital": Promise(_HOSPITAL),
    "update_hospital": Promise("hospital_id", more=True),
    "delete_hospital": Promise("hospital_id", "confirm"),
    "list_users": Promise("", "role hospital_id is_active"),
    "get_user": Promise("user_id"),
    "create_user": Promise(
        "email password first_name last_name role hospital_id",
        "phone_number date_of_birth license_number years_of_experience",
    ),
    "update_user": Promise("user_id", more=True),
    "delete_user": Promise("user_id", "confirm"),
    "list_doctors": Promise("", "hospital_id specialty is_available"),
    "get_doctor_details": Promise("doctor_id"),
    "update_doctor_specialties": Promise("doctor_id specialties"),
    "list_specialties": Promise("", "search is_active"),
    "create_specialty": Promise("code name description"),
    "get_specialty_doctors": Promise("specialty_id", "hospital_id"),
    "list_appointments": Promise("", "patient_id doctor_id status date_from date_to"),
    "create_appointment": Promise("patient_id doctor_id appointment_date appointment_time reason", "notes"),
    "update_appointment_status": Promise("appointment_id status", "notes"),
    "list_appointment_slots": Promise("doctor_id date"),
    "list_medical_records": Promise("patient_id", "record_type date_from date_to"),
    "get_medical_record": Promise("record_id"),
    "create_medical_record": Promise(
        "patient_id title description record_type diagnosis symptoms", "attachments"
    ),
    "update_medical_record": Promise("record_id", "diagnosis treatment_plan", more=True),
    "list_treatments": Promise("patient_id", "doctor_id status"),
    "create_treatment": Promise(
        "patient_id doctor_id name description medications instructions follow_up_date"
    ),
    "update_treatment": Promise("treatment_id", "status notes", more=True),
    "list_subscription_plans": Promise("", "plan_type is_active"),
    "create_subscription": Promise("hospital_id plan_id start_date billing_cycle"),
    "update_subscription": Promise("subscription_id", "plan_id auto_renew"),
    "cancel_subscription": Promise("subscription_id reason immediate", "confirm"),
    "get_hospital_statistics": Promise("hospital_id date_from date_to"),
    "get_doctor_performance": Promise("doctor_id period"),
    "get_specialty_demand": Promise("hospital_id period"),
}
PROMISED = BOOKING | HEALTHCARE

# What a tool takes besides: all of it may be left out.
GROWN = {
    "check_availability": {"provider_id"},
    "reschedule_booking": {"provider_id"},
    "create_hospital": {"address_line2", "language", "timezone"},
    "list_users": {"search"},
    "create_user": {"language"},
    "create_specialty": {"name_th"},
    "create_appointment": {"event_type_id"},
    "list_appointment_slots": {"event_type_id"},
}

# Words that a parameter must take, at least.
CHOICES = {
    ("list_users", "role"): {"DOCTOR", "PATIENT", "NURSE", "ADMIN"},
    ("list_appointments", "status"): {"SCHEDULED", "IN_PROGRESS", "COMPLETED", "CANCELLED"},
    ("list_medical_records", "record_type"): {"CONSULTATION", "CHECKUP", "APPOINTMENT"},
    ("list_treatments", "status"): {"ACTIVE", "COMPLETED", "DISCONTINUED"},
    ("list_subscription_plans", "plan_type"): {"BASIC", "PROFESSIONAL", "ENTERPRISE"},
    ("create_subscription", "billing_cycle"): {"MONTHLY", "QUARTERLY", "ANNUAL"},
    ("get_doctor_performance", "period"): {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"},
    ("get_specialty_demand", "period"): {"DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "YEARLY"},
}
READ_ONLY = {name for name in PROMISED if name.startswith(("get_", "list_", "check_", "search_"))}
# By its last step an appointment is cancelled or over.
DESTRUCTIVE = {
    "cancel_booking", "delete_hospital", "delete_user", "cancel_subscription", "update_appointment_status",
}  # fmt: skip
