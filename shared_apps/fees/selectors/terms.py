"""Tariffs as pricing takes them, by their number or by the month they are in force in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast, JSONObject

from shared_apps.fees.models import TariffBundle, TariffDiscount, TariffLine, TariffVersion
from shared_apps.fees.rules.terms import Bundle, Price, PriceKind, Tariff, Tier


@dataclass(frozen=True, slots=True)
class Terms:
    """Tariffs by their row's id, and which is in force in which month."""

    by_id: Mapping[int, Tariff]
    by_month: Mapping[date, int | None]

    def of_id(self, tariff_id: int | None) -> Tariff | None:
        return None if tariff_id is None else self.by_id[tariff_id]

    def of_month(self, month: date) -> Tariff | None:
        return self.of_id(self.by_month[month])


def charging() -> QuerySet[TariffVersion]:
    """The versions that charge from their first day on: verified or a demonstration's, and not superseded."""
    published = Q(is_demo=True) | Q(verified_at__isnull=False)
    return TariffVersion.objects.filter(published, superseded_by__isnull=True)


def with_terms(rows: QuerySet[TariffVersion]) -> QuerySet[TariffVersion]:
    """The rows with what `terms_of` reads; one statement more."""
    # As texts: a number of a JSON document is a float.
    discounts = TariffDiscount.objects.filter(tariff=OuterRef("pk")).order_by("id")
    bundles = TariffBundle.objects.filter(tariff=OuterRef("pk")).order_by("id")
    percent = Cast("percent", CharField())
    return rows.annotate(
        discount_terms=ArraySubquery(discounts.values(terms=JSONObject(level="level", percent=percent))),
        bundle_terms=ArraySubquery(bundles.values(terms=JSONObject(name="name", meters="meters", percent=percent))),
    ).prefetch_related(Prefetch("lines", TariffLine.objects.order_by("id")))


def in_force_in(months: Collection[date]) -> dict[date, int | None]:
    """The row of the tariff that applies in each month: the latest that has begun. One statement."""
    if not months:
        return {}
    begun = list(charging().filter(valid_from__lte=max(months)).order_by("-valid_from").values_list("id", "valid_from"))
    return {month: next((key for key, begins in begun if begins <= month), None) for month in months}


def tariff_terms(*, months: Collection[date] = (), ids: Collection[int] = ()) -> Terms:
    """The tariffs of these months and rows; three statements at most."""
    by_month = in_force_in(months)
    wanted = {*ids, *(key for key in by_month.values() if key is not None)}
    if not wanted:
        return Terms({}, by_month)
    rows = TariffVersion.objects.filter(pk__in=wanted)
    return Terms({row.pk: terms_of(row) for row in with_terms(rows)}, by_month)


def terms_of(row: Any) -> Tariff:
    """A version's terms, of a row as `with_terms` reads it."""
    return Tariff(
        prices=tuple(price_of(line) for line in row.lines.all()),
        bundles=tuple(Bundle(one["name"], tuple(one["meters"]), Decimal(one["percent"])) for one in row.bundle_terms),
        discounts={one["level"]: Decimal(one["percent"]) for one in row.discount_terms},
        minimum=row.monthly_minimum,
        cap=row.monthly_cap,
    )


def price_of(line: TariffLine) -> Price:
    return Price(
        meter=line.meter,
        kind=PriceKind(line.kind),
        unit_price=line.unit_price,
        allowance=line.allowance,
        tiers=tuple(
            Tier(None if upto is None else Decimal(str(upto)), Decimal(str(price))) for upto, price in line.tiers
        ),
        package_size=line.package_size,
        minimum=line.minimum,
        cap=line.cap,
    )
