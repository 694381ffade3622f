"""Free times of a day, for whoever moves or books without a mouse."""

from bookings.admin.calendar.fields import Fields
from bookings.admin.calendar.wire import Reply, slot_json
from bookings.queries.availability import find_slots
from bookings.queries.catalogue import catalogue
from bookings.rules.desk import at_desk
from core.actor import Actor


def slots(actor: Actor, fields: Fields) -> Reply:
    """The free times of a service on a day, of one practitioner or of all who offer it.

    By the desk's rules for those who may waive the others: nearer than the notice, farther than the horizon.
    """
    actor.require("availability.read")
    service_id, day = fields.number("service"), fields.day("day")
    practitioner = fields.id("practitioner", needed=False)
    fields.check()
    present, whose = catalogue(), None if practitioner is None else str(practitioner)
    present.providers_of(service_id, whose)
    rules = present.book.services[service_id]
    if actor.can("appointments.waive"):
        rules = at_desk(rules)
    found = find_slots(present, service_id, whose, day, day, rules=rules)
    return Reply(200, {"slots": [slot_json(slot) for slot in found]})
