"""A statement as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.clock import local
from kernel.meters import METERS
from shared_apps.fees.rules.pricing import priced_per
from shared_apps.fees.rules.states import TariffState
from shared_apps.fees.selectors.statements import Statement
from shared_apps.fees.selectors.tariffs import TariffRow
from shared_apps.fees.wording import adjustment_words
from shared_apps.fees.wording import plain as plain
from shared_apps.fees.words import LEVELS, PRICE_KINDS


def statement_rows(statement: Statement) -> Iterator[Sequence[object]]:
    """Whose and of which month, the sums, and one row per event."""
    yield statement.tenant_code, statement.tenant_name, f"{statement.month:%Y-%m}"
    if statement.tariff is not None:
        mark = _("Demo, not verified") if statement.tariff.is_demo else ""
        yield _("Tariff"), statement.tariff.version, statement.tariff.name, mark
    yield ()
    yield _("Meter"), _("Quantity"), _("Free quantity"), _("Charged quantity"), _("Amount (yuan)")
    for line in statement.lines:
        found = line.charge
        yield line.meter.label, plain(found.quantity), plain(found.free), plain(found.billable), found.amount
    for one in statement.adjustments:
        yield adjustment_words(one), "", "", "", one.amount
    yield _("Total"), "", "", "", statement.total
    yield ()
    yield _("Meter"), _("Time"), _("Order number"), _("Unit"), _("Supplier"), _("Quantity"), _("Journal row")
    for line in statement.lines:
        for use in line.events:
            yield (
                line.meter.label,
                f"{local(use.at):%Y-%m-%d %H:%M:%S}",
                use.facts.get("order_number", ""),
                use.facts.get("unit_name", ""),
                use.facts.get("supplier_name", ""),
                plain(use.quantity),
                f"{use.epoch}/{use.journal_id}",
            )


def tariff_rows(row: TariffRow) -> Iterator[Sequence[object]]:
    """What a version charges by: a row a price, each tier a row of its own, then what holds for a statement."""
    yield _("Tariff"), row.version, row.name, f"{row.valid_from:%Y-%m-%d}", row.document_number
    if row.state == TariffState.DEMO:
        yield (_("Demo, not verified"),)
    yield ()
    yield (
        _("Meter"), _("Kind of price"), _("Tier up to"), _("Price (yuan)"), _("Price is for"), _("Free each month"),
        _("Package of"), _("At least (yuan)"), _("At most (yuan)"),
    )  # fmt: skip
    for price in row.lines:
        meter, kind, per = METERS[price.meter].label, PRICE_KINDS[price.kind], plain(priced_per(price))
        rest = (plain(price.allowance), _plain(price.package_size), price.minimum, price.cap)
        for up_to, amount in [(tier.up_to, tier.price) for tier in price.tiers] or [(None, price.unit_price)]:
            yield meter, kind, _plain(up_to), plain(amount), per, *rest
    yield ()
    for bundle in row.terms.bundles:
        names = _(", ").join(str(METERS[meter].label) for meter in bundle.meters)
        yield _("Bundle"), bundle.name, names, f"{plain(bundle.percent)}%"
    for level, percent in row.terms.discounts.items():
        yield _("Discount"), LEVELS[level], "", f"{plain(percent)}%"
    yield _("At least (yuan)"), row.terms.minimum
    yield _("At most (yuan)"), row.terms.cap


def _plain(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
