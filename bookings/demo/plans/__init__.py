"""The hospitals of the demonstration. Their dates are told from the day on which they are loaded."""

from datetime import date

from bookings.demo.plan import HospitalPlan
from bookings.demo.plans.demo import demo_hospital
from bookings.demo.plans.humnoi import humnoi_hospital


def all_hospitals(today: date) -> tuple[HospitalPlan, ...]:
    """Every hospital of the demonstration."""
    return demo_hospital(today), humnoi_hospital(today)
