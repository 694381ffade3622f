"""The moment after registering: said once, then on to what was wanted."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from redis.exceptions import RedisError

from core.errors import DomainError
from telegram_integration.cards import Reply
from telegram_integration.leaving import leave
from telegram_integration.models import Proof
from telegram_integration.proving import register
from telegram_integration.refusals import refused
from telegram_integration.steps import REGISTERED
from telegram_integration.turn import Turn
from telegram_integration.wanting import go_on
from telegram_integration.words.registering import registered_card


def finish(turn: Turn, *, phone: str, proof: Proof) -> Reply:
    """Register the sender under the draft's name and a number (E.164) that they have proven.

    Raises `CodeNeeded`; every other refusal is answered.
    """
    data = turn.draft.data
    name, wanted = str(data["name"]), data.get("wanted")
    try:
        patient_id = register(turn, name=name, phone=phone, proof=proof)
    except DomainError as refusal:
        if proof is Proof.CONTACT and refusal.reason == "code_needed":
            raise
        left = leave(turn)
        reply = refused(turn, refusal)
        return replace(reply, cards=(*left, *reply.cards))
    # They are registered: that Redis has gone away meanwhile must not take it back.
    with suppress(RedisError):
        turn.ask(REGISTERED, update=turn.update_id, name=name, wanted=wanted)
    return welcome(replace(turn, patient_id=patient_id), name, wanted)


def welcome(turn: Turn, name: str, wanted: Any) -> Reply:
    """Say that they are registered, and go on to what was wanted."""
    reply = go_on(turn, wanted)
    return replace(reply, cards=(registered_card(turn, name), *reply.cards))
