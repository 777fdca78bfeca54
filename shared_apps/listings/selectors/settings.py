"""The figures and words in force."""

from __future__ import annotations

from datetime import date

from shared_apps.listings.models import ParameterValue
from shared_apps.listings.rules.parameters import Parameters


def parameters(*, on: date) -> Parameters:
    """The figures in force on a day. One statement."""
    rows = ParameterValue.objects.filter(valid_from__lte=on).order_by("valid_from", "id").values_list("name", "value")
    return Parameters(dict(rows))
