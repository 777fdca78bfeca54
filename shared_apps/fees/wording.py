"""A tariff in words: what a clerk reads instead of the columns it is stored in."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.meters import METERS
from shared_apps.fees.rules.pricing import Adjustment, is_switched, priced_per
from shared_apps.fees.rules.states import LineKind
from shared_apps.fees.rules.terms import Bundle, Price, PriceKind, Tariff
from shared_apps.fees.words import LEVELS


def plain(value: Decimal) -> str:
    """A quantity without trailing zeros, never in scientific notation."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def label_of(meter: str) -> str:
    found = METERS.get(meter)
    return meter if found is None else str(found.label)


def unit_of(meter: str) -> str:
    found = METERS.get(meter)
    return "" if found is None else str(found.unit)


def _rate(price: Price, amount: Decimal) -> str:
    """A price of one unit, or a rate on money."""
    if priced_per(price) > 1:
        return _("{rate}‰ of the value").format(rate=plain(amount))
    return _("{price} yuan each of {unit}").format(price=plain(amount), unit=unit_of(price.meter))


def _quantity(price: Price, quantity: Decimal) -> str:
    return _("{quantity} {unit}").format(quantity=plain(quantity), unit=unit_of(price.meter))


def price_sentences(price: Price) -> list[str]:
    """How a line of a tariff is charged, sentence by sentence."""
    said = []
    if price.allowance:
        said.append(_("The first {quantity} of a month are free.").format(quantity=_quantity(price, price.allowance)))
    said += _charged(price)
    if price.minimum:
        said.append(_("At least {amount} yuan a month in operation.").format(amount=price.minimum))
    if price.cap is not None:
        said.append(_("At most {amount} yuan a month.").format(amount=price.cap))
    return said


def _charged(price: Price) -> list[str]:
    amount = plain(price.unit_price)
    if price.kind == PriceKind.FLAT:
        if is_switched(price.meter):
            return [_("{price} yuan for a whole month open, by days for a part of it.").format(price=amount)]
        return [_("{price} yuan for a whole month in operation, by days for a part of it.").format(price=amount)]
    if price.kind == PriceKind.PACKAGE:
        size = _quantity(price, price.package_size or Decimal(0))
        return [_("{price} yuan for each package of {size}; a package begun counts whole.").format(
            price=amount, size=size
        )]  # fmt: skip
    if not price.kind.is_tiered:
        return [_("{rate}.").format(rate=_rate(price, price.unit_price))]
    if price.kind == PriceKind.GRADUATED:
        said = [_("Each part of the charged quantity at the price of its tier:")]
    else:
        said = [_("The whole charged quantity at the price of its tier, never more than a later tier costs:")]
    return said + tier_sentences(price)


def tier_sentences(price: Price) -> list[str]:
    """The tiers, one sentence each."""
    said = []
    begin = Decimal(0)
    for tier in price.tiers:
        rate = _rate(price, tier.price)
        if tier.up_to is None and not begin:
            said.append(_("any quantity: {rate}").format(rate=rate))
        elif tier.up_to is None:
            said.append(_("above {begin}: {rate}").format(begin=_quantity(price, begin), rate=rate))
        elif not begin:
            said.append(_("up to {end}: {rate}").format(end=_quantity(price, tier.up_to), rate=rate))
        else:
            said.append(
                _("above {begin} up to {end}: {rate}").format(
                    begin=plain(begin), end=_quantity(price, tier.up_to), rate=rate
                )
            )
        begin = tier.up_to or begin
    return said


def bundle_sentence(bundle: Bundle) -> str:
    return _("{name}: {meters} together {percent} % less, in a month in which each of them is charged.").format(
        name=bundle.name,
        meters=_(", ").join(label_of(meter) for meter in bundle.meters),
        percent=plain(bundle.percent),
    )


def terms_sentences(terms: Tariff) -> list[str]:
    """What holds for a whole statement: bundles, discounts, minimum and cap."""
    said = [bundle_sentence(bundle) for bundle in terms.bundles]
    said += [
        _("{level}: {percent} % less than the prices.").format(level=LEVELS[level], percent=plain(percent))
        for level, percent in terms.discounts.items()
    ]
    if terms.minimum:
        said.append(_("A statement is at least {amount} yuan a month in operation.").format(amount=terms.minimum))
    if terms.cap is not None:
        said.append(_("A statement is at most {amount} yuan a month.").format(amount=terms.cap))
    return said


def adjustment_words(adjustment: Adjustment) -> str:
    """What the tariff adds to a bill or takes off."""
    if adjustment.kind == LineKind.BUNDLE:
        return _("Bundle: {name}").format(name=adjustment.item)
    if adjustment.kind == LineKind.DISCOUNT:
        return _("Discount: {level}").format(level=LEVELS[adjustment.item])
    return _("Raised to the minimum") if adjustment.kind == LineKind.MINIMUM else _("Cut at the cap")
