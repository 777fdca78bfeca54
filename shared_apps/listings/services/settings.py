"""Setting the figures of the checks, and the list of words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput
from shared_apps.listings.models import ParameterValue, WordChange
from shared_apps.listings.permissions import SETTERS, require
from shared_apps.listings.rules.parameters import BOUNDS, Parameter
from shared_apps.listings.selectors.settings import words
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class WordAsItWas(Conflict):
    code = "word-unchanged"
    title = _("The list has the word, or does not have it, already")


def enter_parameter(
    *, actor: Actor, name: str, value: Decimal, valid_from: date, source: str, now: datetime
) -> ParameterValue:
    """A figure from a day on; what was decided before that day stays as it was. Raises InvalidInput, NotPermitted."""
    require(actor, SETTERS, "enter_parameter")
    bounds = BOUNDS[Parameter(name)]
    errors: dict[str, list[str]] = {}
    if not bounds.low <= value <= bounds.high or value != value.quantize(Decimal(1).scaleb(-bounds.places)):
        text = gettext("Enter a whole number from %(low)s to %(high)s.") % {"low": bounds.low, "high": bounds.high}
        errors["value"] = [text]
    if valid_from < local_date(now):
        errors["valid_from"] = [gettext("A figure holds from today or a later day.")]
    if not source.strip():
        errors["source"] = [gettext("Say where the figure comes from.")]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        row = ParameterValue.objects.create(
            name=name,
            value=value,
            valid_from=valid_from,
            source=source,
            entered_at=now,
            entered_by_id=actor.user_id,
            entered_by_name=actor.name,
        )
        facts = {"name": name, "value": value, "valid_from": valid_from, "source": source}
        record(
            actor=actor, event="listings.parameter_entered", object_type="listing_parameter", object_id=row.pk,
            facts=facts, now=now,
        )  # fmt: skip
    return row


def change_word(*, actor: Actor, word: str, is_listed: bool, source: str, now: datetime) -> WordChange:
    """Puts a word on the list or takes it off, with the reason. Raises WordAsItWas, NotPermitted, InvalidInput."""
    require(actor, SETTERS, "change_word")
    if not source.strip():
        raise InvalidInput(errors={"source": [gettext("Say where the word comes from, or why it goes.")]})
    with region_atomic():
        if any(one.word == word for one in words()) is is_listed:
            raise WordAsItWas(word=word)
        row = WordChange.objects.create(
            word=word,
            is_listed=is_listed,
            source=source,
            entered_at=now,
            entered_by_id=actor.user_id,
            entered_by_name=actor.name,
        )
        facts = {"word": word, "is_listed": is_listed, "source": source}
        record(actor=actor, event="listings.word_changed", object_type="listing_word", object_id=row.pk, facts=facts,
               now=now)  # fmt: skip
    return row
