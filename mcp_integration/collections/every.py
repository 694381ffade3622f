"""Every collection, by its name, in the order in which they are listed."""

from mcp_integration.collections.care import MEDICAL_RECORDS, TREATMENTS
from mcp_integration.collections.doctors import DOCTORS, SPECIALTIES
from mcp_integration.collections.platform import HOSPITALS, PLANS, USERS
from mcp_integration.collections.row import Collection
from mcp_integration.collections.visits import APPOINTMENTS, PATIENTS

_ALL = (
    HOSPITALS, USERS, DOCTORS, PATIENTS, APPOINTMENTS, MEDICAL_RECORDS, TREATMENTS, SPECIALTIES, PLANS,
)  # fmt: skip
COLLECTIONS: dict[str, Collection] = {one.name: one for one in _ALL}
