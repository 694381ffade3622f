"""Receiving a new patient, and emergencies."""

from django.utils.translation import gettext_lazy as _

from mcp_integration.prompts.arguments import EmergencyTriageArguments, PatientOnboardingArguments
from mcp_integration.prompts.rows import Prompt

PATIENT_ONBOARDING = Prompt(
    name="patient_onboarding",
    title=_("Register a new patient"),
    description=_("From basic data to the first appointment, with history, insurance and consent."),
    takes=PatientOnboardingArguments,
    opening=_(
        "Register a new patient of the hospital. Go through these steps in order; the patient may "
        "leave out what is not needed."
    ),
    core=frozenset({"list_users", "create_user"}),
    steps=(
        _(
            "Call `list_users(role, search)` with the role PATIENT: whoever has an account already "
            "gets no second one."
        ),
        _("Ask for first and last name, e-mail address, phone number and date of birth."),
        _(
            "Ask for illnesses, operations, medicines and allergies. Keep the patient's own "
            "words; judge nothing."
        ),
        _("Ask for the insurance: the insurer, the number, until when it is good."),
        _(
            "Say what is kept, what for and who reads it, and ask for consent to it. Without "
            "consent stop here and write nothing."
        ),
        _(
            "Read everything back. Then call `create_user(email, password, first_name, last_name, "
            "role, hospital_id, phone_number, date_of_birth)` with the role PATIENT. Make up a "
            "long password, and have it handed to the patient in person: it is never shown again."
        ),
        _(
            "Have the front desk write insurance and consent down on the patient's page: no tool of "
            "this server does."
        ),
        _(
            "Write the history down by `create_medical_record(patient_id, title, description, "
            "record_type, diagnosis, symptoms)`, as told by the patient, with an empty diagnosis."
        ),
        _(
            "Offer a first appointment: `list_doctors(specialty, is_available)`, then "
            "`list_appointment_slots(doctor_id, date)`, then `create_appointment(patient_id, "
            "doctor_id, appointment_date, appointment_time, reason)`."
        ),
        _("Say what was done and what comes next."),
    ),
)

# 1669 is Thailand's number for medical emergencies (National Institute for Emergency Medicine, niems.go.th).
EMERGENCY_TRIAGE = Prompt(
    name="emergency_triage",
    title=_("Sort out an emergency"),
    description=_("First the emergency number; then severity, department, staff, and a preliminary record."),
    takes=EmergencyTriageArguments,
    opening=_(
        "Somebody may need help at once. FIRST, before any tool and any question: tell them to "
        "call 1669 (Thailand), or the local emergency number elsewhere. Never let a step of this "
        "delay that call, and do not put off care because a tool fails. Make no diagnosis and "
        "promise nothing; a person on the staff decides."
    ),
    core=frozenset({"list_specialties", "list_doctors"}),
    steps=(
        _(
            "Ask in one go whether the person is awake, breathes normally, bleeds heavily, has "
            "chest pain, or cannot move or speak as usual. One bad answer, or no answer: say "
            "again to call 1669, stay with them, and go to step 3."
        ),
        _(
            "Write down the severity in plain words: life in danger, urgent today, or can wait "
            "for an appointment. In doubt take the worse one."
        ),
        _(
            "Find the department by `list_specialties(search)`, and who is there by "
            "`list_doctors(specialty, is_available)`."
        ),
        _(
            "Tell the staff on duty now, by voice or telephone: no tool of this server alerts "
            "anybody. Give severity, symptoms and where the person is."
        ),
        _(
            "Where the patient is registered, leave a preliminary record by "
            "`create_medical_record(patient_id, title, description, record_type, diagnosis, "
            "symptoms)`: the symptoms as told, an empty diagnosis, and that no clinician has "
            "looked at it yet."
        ),
        _(
            "What can wait becomes an appointment today: `list_appointment_slots(doctor_id, "
            "date)`, then `create_appointment(patient_id, doctor_id, appointment_date, "
            "appointment_time, reason)`."
        ),
        _(
            "Follow it by `list_appointments(patient_id, date_from)` until somebody has taken "
            "over. If it gets worse: 1669 again."
        ),
    ),
)
