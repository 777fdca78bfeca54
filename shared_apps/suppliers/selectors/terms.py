"""The periods in force."""

from __future__ import annotations

from datetime import date

from shared_apps.suppliers.models import LibraryTerms
from shared_apps.suppliers.rules.terms import SHIPPED, Terms, terms_on

_FIELDS = (
    "vetting_days", "admission_days", "correction_days", "first_warning_days", "last_warning_days",
    "confirmation_months",
)  # fmt: skip


def terms_of(day: date) -> Terms:
    """Raises nothing: before the first version those shipped count, which are a proposal."""
    row = LibraryTerms.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return terms_on(day, [_as_terms(row)] if row else [])


def terms_versions() -> list[LibraryTerms]:
    """Newest first; the shipped ones are not among them."""
    return list(LibraryTerms.objects.order_by("-valid_from"))


def shipped_terms() -> Terms:
    return SHIPPED


def _as_terms(row: LibraryTerms) -> Terms:
    return Terms(version=row.pk, valid_from=row.valid_from, **{name: getattr(row, name) for name in _FIELDS})
