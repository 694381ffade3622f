"""What follows when a hospital begins to ask its staff for a second factor."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.models import Ending, SignIn, User
from accounts.permissions import STAFF_ROLES
from accounts.second_factor.models import TotpDevice
from tenants.context import inside
from tenants.models import Hospital


def end_sign_ins_by_password_alone(hospital: Hospital) -> None:
    """End what programs have signed in for staff who have no second factor, if the hospital requires one.

    Sessions in browsers go on: their next page is the one that sets a second factor up.
    """
    if not hospital.second_factor_required:
        return
    with inside(hospital):
        phone = TotpDevice.objects.filter(user_id=OuterRef("pk"), confirmed=True)
        without = User.objects.filter(~Exists(phone), role__in=STAFF_ROLES)
        open_ones = SignIn.objects.filter(user__in=without, ended_at=None)
        open_ones.update(ended_at=Now(), ending=Ending.SECOND_FACTOR)
