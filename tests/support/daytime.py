"""A hospital whose clocks show the morning, whenever the tests run."""

from core import clock
from tenants.models import Hospital

# What its clocks show: early enough that a few visits fit into what is left of the day.
HOUR = 9
_DAY, _EASTERNMOST = 24, 14


def let_it_be_morning(hospital: Hospital) -> None:
    """Put a hospital into the zone where it is between nine and ten in the morning now; not saved."""
    ahead = (HOUR - clock.now().hour) % _DAY
    ahead = ahead if ahead < _EASTERNMOST else ahead - _DAY
    # The signs of these names are those of POSIX: west is positive.
    hospital.timezone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
