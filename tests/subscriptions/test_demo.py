from subscriptions.demo import PLANS, subscribe_demo
from subscriptions.models import Plan, Subscription
from subscriptions.periods import period_at
from subscriptions.renewal import renew_due
from tenants.context import inside


def test_each_hospital_of_the_demonstration_has_one_of_three_plans(hospital, other_hospital):
    first, second = (subscribe_demo(each) for each in (hospital, other_hospital))

    assert list(Plan.objects.values_list("code", flat=True)) == [plan["code"] for plan in PLANS]
    assert {row.hospital_id for row in (first, second)} == {hospital.pk, other_hospital.pk}
    assert first.status == "ACTIVE"
    assert first.period == period_at(first.start_date, 1, first.current_period_start)
    assert renew_due() == 0


def test_loading_it_again_changes_nothing(hospital):
    with inside(hospital):
        first = subscribe_demo(hospital)
        Plan.objects.filter(code="basic").update(price_monthly=1)
        assert subscribe_demo(hospital) == first
    assert Subscription.objects.count() == 1
    assert Plan.objects.get(code="basic").price_monthly == 1
