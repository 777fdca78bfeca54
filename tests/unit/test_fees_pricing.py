"""Prices of every kind: worked examples with their sources, and properties against whole-number arithmetic."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.fees.rules.pricing import charge, part_of_month, price_month
from shared_apps.fees.rules.states import LineKind
from shared_apps.fees.rules.terms import Bundle, Price, PriceKind, Tariff, TermsWrong, Tier, Wrong

GRADUATED, VOLUME, PACKAGE = PriceKind.GRADUATED, PriceKind.VOLUME, PriceKind.PACKAGE


def tiers(*rows: tuple[str | None, str]) -> tuple[Tier, ...]:
    return tuple(Tier(None if up_to is None else D(up_to), D(price)) for up_to, price in rows)


def cost(price: Price, quantity: str, part: str = "1") -> D:
    found = charge(meter=price.meter, quantities=[D(quantity)], price=price, part=D(part)).amount
    assert found is not None
    return found


# The scale for works of the Interim Measures for fees of tender agencies (计价格〔2002〕1980号), in 10,000 yuan.
# Its second note computes 6,000 graduated: 1 + 2.8 + 2.75 + 14 + 2 = 22.55.
AGENCY = tiers(("100", "0.01"), ("500", "0.007"), ("1000", "0.0055"), ("5000", "0.0035"), (None, "0.002"))


@pytest.mark.parametrize(
    ("quantity", "amount"), [("6000", "22.55"), ("5000", "20.55"), ("1000", "6.55"), ("100", "1.00"), ("0", "0.00")]
)
def test_graduated_as_the_fees_of_tender_agencies_were_computed(quantity: str, amount: str) -> None:
    assert cost(Price("m", GRADUATED, tiers=AGENCY), quantity) == D(amount)


# Stripe's documentation of tiered prices (docs.stripe.com, "Set up tiered pricing"): up to 5 at 7, 6 to 10 at 6.50,
# above at 6. By volume 1, 6 and 20 units cost 7, 39 and 120; graduated 5 units cost 35. The others by hand.
STRIPE = tiers(("5", "7"), ("10", "6.50"), (None, "6"))


@pytest.mark.parametrize(
    ("kind", "quantity", "amount"),
    [
        (VOLUME, "1", "7.00"),
        (VOLUME, "6", "39.00"),
        (VOLUME, "20", "120.00"),
        (GRADUATED, "1", "7.00"),
        (GRADUATED, "5", "35.00"),
        (GRADUATED, "6", "41.50"),
        (GRADUATED, "20", "127.50"),
        # by hand: the page's 5 x 7 = 35 and 10 x 6.50 = 65 would exceed what a little more costs: 5 x 6.50, 10 x 6
        (VOLUME, "5", "32.50"),
        (VOLUME, "10", "60.00"),
    ],
)
def test_tiers_by_volume_and_graduated_as_stripe_documents_them(kind: PriceKind, quantity: str, amount: str) -> None:
    assert cost(Price("m", kind, tiers=STRIPE), quantity) == D(amount)


@pytest.mark.parametrize(
    ("quantity", "amount"),
    # Lago's documentation (getlago.com, "Package"): 5 a package of 100, the first 100 free; 201 units are two packages.
    [("0", "0.00"), ("100", "0.00"), ("101", "5.00"), ("200", "5.00"), ("201", "10.00"), ("200.0001", "10.00")],
)
def test_packages_as_lago_documents_them(quantity: str, amount: str) -> None:
    assert cost(Price("m", PACKAGE, D(5), allowance=D(100), package_size=D(100)), quantity) == D(amount)


def test_a_flat_price_is_for_a_whole_month() -> None:
    """By hand: a county that joins on 11 November was in operation 20 of 30 days, 0.6667 of the month."""
    monthly = Price("orders_placed", PriceKind.FLAT, D(300))
    assert cost(monthly, "17") == D("300.00")
    assert cost(monthly, "17", part="0.6667") == D("200.01")
    module = Price("module_online_supermarket", PriceKind.FLAT, D(90))
    assert cost(module, "0.5") == D("45.00")
    assert cost(module, "0") == D("0.00")


def test_minimum_and_cap_of_a_line() -> None:
    price = Price("m", PriceKind.PER_UNIT, D(1), allowance=D(10), minimum=D(20), cap=D(50))
    assert [cost(price, text) for text in ("0", "10", "30", "31", "60", "9999")] == [
        D("20.00"), D("20.00"), D("20.00"), D("21.00"), D("50.00"), D("50.00"),
    ]  # fmt: skip
    assert cost(price, "0", part="0.5") == D("10.00")
    assert cost(price, "0", part="0") == D("0.00")


def test_rates_on_money_are_per_mille_in_every_tier() -> None:
    """By hand: 1,000,000 at 0.5 per mille and 500,000 at 0.3 per mille."""
    price = Price("order_value", GRADUATED, tiers=tiers(("1000000", "0.5"), (None, "0.3")))
    assert cost(price, "1500000") == D("650.00")


def test_a_bill_in_its_order() -> None:
    """By hand: 40 + 60 = 100; together 10 % less: 90; a county 20 % less: 72; at least 80."""
    terms = Tariff(
        (Price("orders_placed", PriceKind.PER_UNIT, D(4)), Price("messages", PriceKind.PER_UNIT, D(6))),
        (Bundle("套餐", ("orders_placed", "messages"), D(10)),),
        {"county": D(20)},
        D(80),
        D(85),
    )
    quantities = {"orders_placed": D(10), "messages": D(10), "storage": D(3), "mall_live": D(1)}
    bill = price_month(quantities=quantities, tariff=terms, level="county")
    assert [(line.meter, line.amount) for line in bill.charges] == [
        ("orders_placed", D("40.00")), ("storage", None), ("messages", D("60.00")), ("mall_live", None),
    ]  # fmt: skip
    assert [(one.kind, one.item, one.amount) for one in bill.adjustments] == [
        (LineKind.BUNDLE, "套餐", D("-10.00")),
        (LineKind.DISCOUNT, "county", D("-18.00")),
        (LineKind.MINIMUM, "minimum", D("8.00")),
    ]
    assert bill.total == D("80.00")
    other = price_month(quantities=quantities, tariff=terms, level="prefecture")
    assert [(one.kind, one.amount) for one in other.adjustments] == [
        (LineKind.BUNDLE, D("-10.00")), (LineKind.CAP, D("-5.00")),
    ]  # fmt: skip
    # Only one of the two: no bundle. Half of the month: half of the minimum.
    alone = price_month(quantities={"messages": D(1), "mall_live": D("0.5")}, tariff=terms, level="county")
    assert [(one.kind, one.amount) for one in alone.adjustments] == [
        (LineKind.DISCOUNT, D("-1.20")), (LineKind.MINIMUM, D("35.20")),
    ]  # fmt: skip
    # Not in operation, nothing used: nothing owed.
    assert price_month(quantities={}, tariff=terms, level="county").total == D("0.00")


def test_without_a_tariff_uses_are_counted_and_nothing_is_owed() -> None:
    bill = price_month(quantities={"messages": D(3)}, tariff=None, level="county")
    assert [(line.meter, line.quantity, line.amount) for line in bill.charges] == [("messages", D(3), None)]
    assert (bill.adjustments, bill.total) == ((), D("0.00"))


@pytest.mark.parametrize(
    ("kind", "terms", "wrong"),
    [
        (GRADUATED, {}, {"tiers": Wrong.MISSING}),
        (GRADUATED, {"tiers": tiers(("5", "1"))}, {"tiers": Wrong.NOT_OPEN}),
        (VOLUME, {"tiers": tiers(("5", "1"), ("5", "2"), (None, "1"))}, {"tiers": Wrong.NOT_RISING}),
        (VOLUME, {"tiers": tiers(("0", "1"), (None, "1"))}, {"tiers": Wrong.NOT_RISING}),
        (VOLUME, {"tiers": tiers((None, "1"), (None, "1"))}, {"tiers": Wrong.NOT_RISING}),
        (VOLUME, {"tiers": tiers((None, "-1"))}, {"tiers": Wrong.NEGATIVE}),
        (VOLUME, {"tiers": (Tier(None, D(1)),) * 21}, {"tiers": Wrong.TOO_MANY}),
        (VOLUME, {"tiers": STRIPE, "unit_price": D(1)}, {"unit_price": Wrong.NOT_OF_THIS_KIND}),
        (PriceKind.PER_UNIT, {"tiers": STRIPE}, {"tiers": Wrong.NOT_OF_THIS_KIND}),
        (PriceKind.PER_UNIT, {"unit_price": D(-1)}, {"unit_price": Wrong.NEGATIVE}),
        (PriceKind.PER_UNIT, {"package_size": D(1)}, {"package_size": Wrong.NOT_OF_THIS_KIND}),
        (PACKAGE, {}, {"package_size": Wrong.MISSING}),
        (PACKAGE, {"package_size": D(0)}, {"package_size": Wrong.NOT_POSITIVE}),
        (PriceKind.FLAT, {"allowance": D(1)}, {"allowance": Wrong.NOT_OF_THIS_KIND}),
        (PriceKind.FLAT, {"minimum": D(5), "cap": D("4.99")}, {"cap": Wrong.CAP_BELOW_MINIMUM}),
        (PriceKind.FLAT, {"minimum": D(-1), "cap": D(-1)}, {"minimum": Wrong.NEGATIVE, "cap": Wrong.NEGATIVE}),
    ],
)
def test_a_price_that_makes_no_sense_cannot_be_built(
    kind: PriceKind, terms: dict[str, object], wrong: dict[str, Wrong]
) -> None:
    with pytest.raises(TermsWrong) as found:
        Price("m", kind, **terms)  # type: ignore[arg-type]
    assert found.value.wrong == wrong


ONE, OTHER = Price("a", PriceKind.PER_UNIT, D(1)), Price("b", PriceKind.PER_UNIT, D(1))


@pytest.mark.parametrize(
    ("terms", "path", "why"),
    [
        ({"prices": (ONE, ONE)}, "prices", Wrong.METER_TWICE),
        ({"bundles": (Bundle("x", ("a",), D(1)),)}, "bundles.0.meters", Wrong.TOO_FEW_METERS),
        ({"bundles": (Bundle("x", ("a", "c"), D(1)),)}, "bundles.0.meters", Wrong.NOT_PRICED),
        ({"bundles": (Bundle("x", ("a", "b"), D(101)),)}, "bundles.0.percent", Wrong.NOT_A_PART),
        ({"bundles": (Bundle("x", ("a", "b"), D(1)), Bundle("y", ("b", "a"), D(1)))}, "bundles.1.meters",
         Wrong.METER_TWICE),
        ({"discounts": {"county": D(0)}}, "discounts.county", Wrong.NOT_A_PART),
        ({"minimum": D(2), "cap": D(1)}, "cap", Wrong.CAP_BELOW_MINIMUM),
    ],
)  # fmt: skip
def test_a_tariff_that_makes_no_sense_cannot_be_built(terms: dict[str, object], path: str, why: Wrong) -> None:
    with pytest.raises(TermsWrong) as found:
        Tariff(**({"prices": (ONE, OTHER)} | terms))  # type: ignore[arg-type]
    assert found.value.wrong == {path: why}


# --- properties: the same amount by whole numbers, in ten-thousandths

SCALE = 10_000
quantities = st.decimals(0, 10**12, places=4)
small = st.decimals(0, 10**4, places=4)
unit_prices = st.decimals(0, 10**6, places=4)


@st.composite
def prices(draw: st.DrawFn, kind: PriceKind | None = None, bounded: bool = True) -> Price:
    kind = kind or draw(st.sampled_from(PriceKind))
    meter = draw(st.sampled_from(["m", "order_value"]))
    steps = draw(st.lists(st.decimals(D("0.0001"), 10**5, places=4), max_size=5)) if kind.is_tiered else []
    ends = [sum(steps[: place + 1], D(0)) for place in range(len(steps))]
    minimum = draw(st.none() | st.decimals(0, 10**4, places=2)) if bounded else None
    cap = draw(st.none() | st.decimals(0, 10**4, places=2)) if bounded else None
    return Price(
        meter,
        kind,
        D(0) if kind.is_tiered else draw(unit_prices),
        D(0) if kind == PriceKind.FLAT else draw(small),
        tuple(Tier(end, draw(unit_prices)) for end in [*ends, None]) if kind.is_tiered else (),
        draw(st.decimals(D("0.0001"), 10**4, places=4)) if kind == PriceKind.PACKAGE else None,
        minimum,
        None if cap is None else cap + (minimum or 0),
    )


def whole(value: D) -> int:
    return int(value * SCALE)


def exact(price: Price, quantity: D, part: D) -> Fraction:
    """The amount in yuan by whole numbers: a reader's own arithmetic, with nothing of the rule's."""
    used = max(0, whole(quantity) - whole(price.allowance))
    per = 1000 if price.kind == PriceKind.PER_MILLE or (price.kind.is_tiered and price.meter == "order_value") else 1
    unit = whole(price.unit_price)
    if price.kind == PriceKind.FLAT:
        amount = Fraction(unit * whole(part), SCALE**2)
    elif price.kind == PriceKind.PACKAGE:
        assert price.package_size is not None
        amount = Fraction(ceil(Fraction(used, whole(price.package_size))) * unit, SCALE)
    elif price.kind.is_tiered:
        bounds = [0, *(whole(tier.up_to) for tier in price.tiers if tier.up_to is not None)]
        rates = [whole(tier.price) for tier in price.tiers]
        if price.kind == GRADUATED:
            ends = [*bounds[1:], max(used, bounds[-1])]
            sum_of = sum(
                max(0, min(used, end) - low) * rate for low, end, rate in zip(bounds, ends, rates, strict=True)
            )
        else:
            # The least that this or more of it would cost: at `used` itself, and just above each later boundary.
            tier = max(place for place, low in enumerate(bounds) if low < used or place == 0)
            sum_of = min([used * rates[tier], *(bounds[n] * rates[n] for n in range(tier + 1, len(rates)))])
        amount = Fraction(sum_of, SCALE**2)
    else:
        amount = Fraction(used * unit, SCALE**2)
    amount /= per
    if price.minimum is not None:
        amount = max(amount, Fraction(whole(price.minimum) * whole(part), SCALE**2))
    return amount if price.cap is None else min(amount, Fraction(price.cap))


def cents(amount: Fraction) -> D:
    return D(floor(amount * 100 + Fraction(1, 2))) / 100


parts = st.integers(0, SCALE).map(lambda part: D(part) / SCALE)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(prices(), quantities | small, parts)
def test_amounts_are_exact_against_whole_numbers(price: Price, quantity: D, part: D) -> None:
    found = charge(meter=price.meter, quantities=[quantity], price=price, part=part)
    assert found.amount == cents(exact(price, quantity, part))
    assert 0 <= found.free <= price.allowance
    assert found.billable >= 0


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(prices(), st.lists(quantities | small, min_size=2, max_size=6))
def test_more_use_never_costs_less(price: Price, several: list[D]) -> None:
    costs = [charge(meter="m", quantities=[one], price=price).amount for one in sorted(several)]
    assert all(less <= more for less, more in pairwise(costs))  # type: ignore[operator]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(prices(GRADUATED, bounded=False))
def test_a_graduated_price_never_jumps(price: Price) -> None:
    """One ten-thousandth more at a boundary costs one ten-thousandth of the next price, and a cent of rounding."""
    for before, after in pairwise(price.tiers):
        assert before.up_to is not None
        at = before.up_to + price.allowance
        low, high = (cost(price, str(quantity)) for quantity in (at, at + D("0.0001")))
        assert high - low <= after.price / SCALE + D("0.01")


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    meters = ["orders_placed", "messages", "storage", "module_online_inquiry"]
    found = []
    for meter in draw(st.lists(st.sampled_from(meters), unique=True, min_size=2)):
        price = draw(prices())
        found.append(Price(**{**vars(price), "meter": meter}))
    minimum = draw(st.none() | st.decimals(0, 10**4, places=2))
    cap = draw(st.none() | st.decimals(0, 10**5, places=2))
    percents = st.decimals(D("0.01"), 100, places=2)
    bundle = Bundle("together", (found[0].meter, found[1].meter), draw(percents))
    return Tariff(
        tuple(found),
        (bundle,) if draw(st.booleans()) else (),
        draw(st.dictionaries(st.sampled_from(["county", "prefecture"]), percents)),
        minimum,
        None if cap is None else cap + (minimum or 0),
    )


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(tariffs(), st.lists(quantities | small, min_size=4, max_size=4), parts)
def test_a_bill_adds_up_and_stays_in_its_bounds(tariff: Tariff, used: list[D], part: D) -> None:
    codes = ["orders_placed", "messages", "storage", "module_online_inquiry"]
    month = {**dict(zip(codes, used, strict=True)), "mall_live": part}
    bill = price_month(quantities=month, tariff=tariff, level="county")
    lines = [line.amount for line in bill.charges if line.amount is not None]
    assert bill.total == sum(lines, D(0)) + sum((one.amount for one in bill.adjustments), D(0))
    assert bill.total >= 0
    assert bill.total == bill.total.quantize(D("0.01"))
    assert tariff.cap is None or bill.total <= tariff.cap
    if tariff.minimum is not None:
        assert bill.total >= cents(Fraction(tariff.minimum) * Fraction(part))
    for line in bill.charges:
        price = tariff.price_of(line.meter)
        alone = charge(meter=line.meter, quantities=[line.quantity], price=price, part=part)
        assert line == alone
    without = sum(lines, D(0))
    for one in bill.adjustments:
        if one.kind in (LineKind.BUNDLE, LineKind.DISCOUNT):
            assert one.amount < 0
            without += one.amount
    assert without >= 0


def test_the_part_of_a_month_is_between_nothing_and_all() -> None:
    assert [part_of_month({"mall_live": D(text)}) for text in ("-1", "0.5", "2")] == [D(0), D("0.5"), D(1)]
    assert part_of_month({}) == 0
