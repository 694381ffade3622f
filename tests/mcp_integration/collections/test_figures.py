import pytest
from rest_framework.exceptions import ValidationError

from core.errors import DomainError, InvalidInput
from mcp_integration.collections.figures import read_figures
from mcp_integration.collections.reading import (
    CollectionNotAllowed,
)


def test_the_dashboard_and_a_report_are_read(key, filled):
    dashboard, _left = read_figures(key, "dashboard", {})
    report, _left = read_figures(
        key,
        "reports",
        {"filter": '{"date_from": "2027-01-01", "date_to": "2027-01-03"}', "fields": "statistics"},
    )

    assert {"today", "coming", "month"} <= set(dashboard)
    assert set(report) == {"statistics"}
    assert report["statistics"]["appointments"]["total"] == 3


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("dashboard", {"filter": '{"date_from": "2027-01-01"}'}),
        ("reports", {"filter": '{"date_from": "soon"}'}),
        ("reports", {"filter": '{"doctor": 1}'}),
        ("reports", {"filter": '{"date_from": "2027-01-03", "date_to": "2027-01-01"}'}),
        ("reports", {"page": "1"}),
        ("reports", {"fields": "salaries"}),
    ],
)
def test_figures_refuse_what_they_do_not_know(key, filled, name, params):
    with pytest.raises((InvalidInput, ValidationError)):
        read_figures(key, name, params)


def test_figures_are_for_those_who_may_see_them(key_with, filled):
    with pytest.raises(CollectionNotAllowed):
        read_figures(key_with("read:bookings"), "dashboard", {})
    with pytest.raises(DomainError):
        read_figures(key_with("admin:hospital"), "salaries", {})
