"""The pages of hours as a browser fills them in."""

from uuid import uuid4

from bookings.models import ScheduleException
from tests.support.catalogue import coming_day

EVERYBODY = "/admin/bookings/practitioner/time/"
SAVE, UNDO = f"{EVERYBODY}save/", f"{EVERYBODY}undo/"
YEAR = "/admin/bookings/holiday/year/"
STAFF = ["ADMIN", "DOCTOR", "NURSE", "FRONT_DESK"]


def time_of(person):
    return f"/admin/bookings/practitioner/{person.pk}/time/"


def typed(browser, person, what, **values):
    """Send one of the page's forms as it came, with something typed into it; None leaves a control out."""
    page = browser.get(time_of(person))
    there = {"what": what, "seen": page.context["seen"]}
    if what == "week":
        there |= week_as_it_is(page.context["grid"])
    if what == "dated":
        there |= {"kind": "TIME_OFF", "row_id": str(uuid4())}
    sent = {name: value for name, value in {**there, **values}.items() if value is not None}
    return browser.post(time_of(person), sent)


def week_as_it_is(grid):
    values = {"period": [period.key for period in grid.periods]}
    for period in grid.periods:
        for day in period.days:
            for edge, which in (("start", 0), ("end", 1)):
                values[f"p{period.key}-d{day.weekday}-{edge}"] = [pair[which] for pair in day.pairs]
    return values


def whole_week(start, end):
    return {
        f"p0-d{day}-{edge}": value for day in range(7) for edge, value in (("start", [start]), ("end", [end]))
    }


def time_off(day, **more):
    return {"date_from": f"{day:%d/%m}/{day.year + 543}", **more}


def decided(page, fate="", **more):
    """Answer the page that asks what becomes of the appointments."""
    return {
        "change": page.context["change"],
        "back": page.context["back"],
        "seen_ids": page.context["asked"].seen_ids,
        "fate": fate,
        **more,
    }


def lines(page):
    return [(line.row.reference, str(line.why)) for line in page.context["asked"].lines]


def said(browser, answer):
    return browser.get(answer["Location"]).text


def off(person, day=None, **fields):
    day = day or coming_day()
    fields = {"kind": "TIME_OFF", "date_until": day, **fields}
    return ScheduleException.objects.create(practitioner=person, date_from=day, **fields)
