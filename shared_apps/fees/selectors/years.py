"""A mall's fees of a year: what is known, what is expected, and what of the budget that takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.meters import METERS, Meter
from kernel.money import ZERO
from kernel.problems import NotFound
from shared_apps.fees.models import CostShare, FeeBudget, FeeStatement, StatementShare
from shared_apps.fees.rules.forecast import Basis, expected, months_of, used_percent
from shared_apps.fees.rules.lifecycles import PAYABLE, SEALED
from shared_apps.fees.rules.pricing import Bill, Charge, price_month
from shared_apps.fees.rules.quantities import MonthQuantity
from shared_apps.fees.rules.shares import Part, in_force, share_out
from shared_apps.fees.rules.states import StatementState
from shared_apps.fees.rules.terms import Tariff
from shared_apps.fees.selectors.reach import readable_tenant
from shared_apps.fees.selectors.terms import charging, terms_of, with_terms
from shared_apps.fees.selectors.usage import month_quantities
from tenants.registry.selectors import TenantName

YEARS_BACK = 10


@dataclass(frozen=True, slots=True)
class DatedTariff:
    """A tariff that charges, from its first day on until the next one's."""

    version: int
    name: str
    valid_from: date
    is_demo: bool
    terms: Tariff

    @property
    def is_verified(self) -> bool:
        """What charges was verified, unless it is the demonstration's."""
        return not self.is_demo


@dataclass(frozen=True, slots=True)
class Collected:
    """How far a year's statements are: issued, disputed, overdue and settled, in number and yuan."""

    issued: int = 0
    issued_amount: Decimal = ZERO
    disputed: int = 0
    overdue: int = 0
    settled: int = 0
    settled_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class MonthOfYear:
    """One month: of the whole mall, and what of it its own level bears.

    `so_far` is what the own level bears by what is known today, `own` by what is expected; they differ in the running
    month and in those to come. `total` is None in a month without a tariff.
    """

    month: date
    basis: Basis
    state: StatementState
    total: Decimal | None
    own: Decimal
    so_far: Decimal
    tariff_version: int | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class BudgetSet:
    """The budget as it was set last."""

    budget_id: int
    version: int
    amount: Decimal
    budget_reference: str
    reason: str
    set_by_name: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class YearOfMall:
    """What a mall's own level bears in a fiscal year, against what it set aside."""

    tenant: TenantName
    year: int
    budget: BudgetSet | None
    months: tuple[MonthOfYear, ...]
    # Of the year after, when it was asked for.
    months_after: tuple[MonthOfYear, ...]
    collected: Collected
    # The month that runs today, by what is known of it.
    running: date
    live: Mapping[str, MonthQuantity]
    tariff: DatedTariff | None

    @property
    def used(self) -> Decimal:
        return sum((one.so_far for one in self.months), ZERO)

    @property
    def this_month(self) -> Decimal:
        return next((one.so_far for one in self.months if one.month == self.running), ZERO)

    @property
    def forecast(self) -> Decimal:
        return sum((one.own for one in self.months), ZERO)

    @property
    def next_year(self) -> Decimal:
        return sum((one.own for one in self.months_after), ZERO)

    @property
    def has_tariff(self) -> bool:
        return any(one.tariff_version is not None for one in self.months)

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget.amount - self.used

    @property
    def percent(self) -> int | None:
        return None if self.budget is None else used_percent(used=self.used, budget=self.budget.amount)

    @property
    def is_short(self) -> bool:
        """Whether the year is expected to cost more than was set aside."""
        return self.budget is not None and self.forecast > self.budget.amount


@dataclass(frozen=True, slots=True)
class MeterLine:
    """This month on one meter, by what is known today."""

    meter: Meter
    charge: Charge
    event_count: int


@dataclass(frozen=True, slots=True)
class RunningMonth:
    """This month live: by meter, and what the tariff adds or takes."""

    lines: tuple[MeterLine, ...]
    bill: Bill


@dataclass(frozen=True, slots=True)
class _Rule:
    valid_from: date
    parts: tuple[Part, ...]


def year_of_mall(*, actor: Actor, tenant_code: str, year: int, now: datetime) -> YearOfMall:
    """One mall's year with the year after; eight statements. Raises NotFound for a stranger's."""
    tenant = readable_tenant(actor, tenant_code)
    return years_of(tenants={tenant_code: tenant}, year=year, now=now, with_next=True)[tenant_code]


def require_year(year: int, today: date) -> None:
    """Ten years back and the next one: of others nothing is known, and nobody guesses so far. Raises NotFound."""
    if not today.year - YEARS_BACK <= year <= today.year + 1:
        raise NotFound(year=year)


def years_of(
    *, tenants: Mapping[str, TenantName], year: int, now: datetime, with_next: bool = False
) -> dict[str, YearOfMall]:
    """The year of every mall named; seven statements, however many malls. The caller has asked who may read them.

    Raises NotFound for a year too far away.
    """
    today = local_date(now)
    require_year(year, today)
    running = today.replace(day=1)
    months = [*months_of(year), *(months_of(year + 1) if with_next else ())]
    # From the earliest year that a guess may rest on to the last that is guessed.
    horizon = [
        month for one in range(min(year, today.year), max(months[-1].year, today.year) + 1) for month in months_of(one)
    ]
    quantities = month_quantities(codes=list(tenants), first=date(horizon[0].year - 1, 1, 1), last=horizon[-1])
    known: dict[str, dict[date, Mapping[str, MonthQuantity]]] = {}
    for (code, month), by_meter in quantities.items():
        known.setdefault(code, {})[month] = by_meter
    tariffs = _tariffs(last=horizon[-1])
    rules = _rules(tenants)
    stated = _statements(tenants, months)
    budgets = budgets_of(codes=tenants, year=year)
    found = {}
    for code, tenant in tenants.items():
        by_month = {month: _plain(by_meter) for month, by_meter in known.get(code, {}).items()}
        guessed = expected(known=by_month, months=horizon, today=today)
        rows = []
        for month in months:
            part = _OwnPart(code, rules.get(code, ()), month)
            tariff = in_force(tariffs, month)
            row = stated.get((code, month))
            if row is not None:
                rows.append(_stated(row, part, tariff))
                continue
            one = guessed[month]
            total = _price(one.quantities, tariff, tenant.level)
            own = part.of(total)
            so_far = own
            if month > running:
                so_far = ZERO
            elif month == running:
                so_far = part.of(_price(by_month.get(month, {}), tariff, tenant.level))
            version = None if tariff is None else tariff.version
            rows.append(
                MonthOfYear(
                    month, one.basis, StatementState.OPEN, None if tariff is None else total, own, so_far, version
                )
            )
        found[code] = YearOfMall(
            tenant=tenant,
            year=year,
            budget=budgets.get(code),
            months=tuple(rows[:12]),
            months_after=tuple(rows[12:]),
            collected=_collected(
                [row for (whose, month), row in stated.items() if whose == code and month.year == year], today
            ),
            running=running,
            live=known.get(code, {}).get(running, {}),
            tariff=in_force(tariffs, running),
        )
    return found


def running_month(year: YearOfMall) -> RunningMonth:
    """This month of one mall by what is known now, of a year that was read. No statement."""
    terms = year.tariff.terms if year.tariff else None
    bill = price_month(quantities=_plain(year.live), tariff=terms, level=year.tenant.level)
    lines = tuple(
        MeterLine(METERS[charge.meter], charge, year.live[charge.meter].event_count if charge.meter in year.live else 0)
        for charge in bill.charges
    )
    return RunningMonth(lines, bill)


def budgets_of(*, codes: Collection[str], year: int) -> dict[str, BudgetSet]:
    """The budget in force of each mall that set one; one statement."""
    rows = (
        FeeBudget.objects.filter(tenant_code__in=list(codes), year=year)
        .order_by("tenant_code", "-version")
        .distinct("tenant_code")
    )
    return {row.tenant_code: budget_set(row) for row in rows}


def budget_history(*, tenant_code: str, year: int) -> list[BudgetSet]:
    """Every budget of the year, the latest first; one statement."""
    return [
        budget_set(row) for row in FeeBudget.objects.filter(tenant_code=tenant_code, year=year).order_by("-version")
    ]


def budget_set(row: FeeBudget) -> BudgetSet:
    return BudgetSet(
        row.pk, row.version, row.amount, row.budget_reference, row.reason, row.set_by_name, row.set_at
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _OwnPart:
    """What a mall's own level bears of a month."""

    code: str
    rules: Sequence[_Rule]
    month: date

    def of(self, total: Decimal) -> Decimal:
        rule = in_force(self.rules, self.month)
        if rule is None:
            return total
        amounts = share_out(total, rule.parts)
        return sum(
            (amount for amount, part in zip(amounts, rule.parts, strict=True) if part.payer_code == self.code), ZERO
        )


def _plain(by_meter: Mapping[str, MonthQuantity]) -> dict[str, Decimal]:
    return {meter: one.quantity for meter, one in by_meter.items()}


def _price(quantities: Mapping[str, Decimal], tariff: DatedTariff | None, level: str) -> Decimal:
    if tariff is None or not quantities:
        return ZERO
    return price_month(quantities=quantities, tariff=tariff.terms, level=level).total


def _tariffs(*, last: date) -> list[DatedTariff]:
    """Every tariff that charges in some month up to `last`, one published for later included; two statements."""
    rows = with_terms(charging().filter(valid_from__lte=last).order_by("valid_from"))
    return [DatedTariff(row.version, row.name, row.valid_from, row.is_demo, terms_of(row)) for row in rows]


def _rules(codes: Collection[str]) -> dict[str, list[_Rule]]:
    parts: dict[tuple[str, date], list[Part]] = {}
    rows = CostShare.objects.filter(rule__tenant_code__in=list(codes), rule__withdrawn_at=None)
    for code, begins, payer, percent in rows.values_list(
        "rule__tenant_code", "rule__valid_from", "payer_code", "percent"
    ):
        parts.setdefault((code, begins), []).append(Part(payer, "", percent))
    found: dict[str, list[_Rule]] = {}
    for (code, begins), one in parts.items():
        found.setdefault(code, []).append(_Rule(begins, tuple(one)))
    return found


@dataclass(frozen=True, slots=True)
class _Stated:
    """A priced statement; `own` is the own level's share, None until it is issued."""

    month: date
    number: str
    state: StatementState
    total: Decimal
    own: Decimal | None
    pay_by: date | None


def _statements(codes: Collection[str], months: Sequence[date]) -> dict[tuple[str, date], _Stated]:
    own = StatementShare.objects.filter(statement=OuterRef("pk"), payer_code=OuterRef("tenant_code")).values("amount")
    rows = FeeStatement.objects.filter(
        tenant_code__in=list(codes), month__gte=months[0], month__lte=months[-1], total__isnull=False
    ).annotate(own=Subquery(own[:1]))
    found = {}
    for row in rows:
        state = StatementState(row.state)
        share = (row.own or ZERO) if state in SEALED else None
        found[row.tenant_code, row.month] = _Stated(
            row.month, row.number, state, row.total or ZERO, share, row.pay_by
        )  # fmt: skip
    return found


def _stated(row: _Stated, part: _OwnPart, tariff: DatedTariff | None) -> MonthOfYear:
    own = part.of(row.total) if row.own is None else row.own
    version = None if tariff is None else tariff.version
    return MonthOfYear(row.month, Basis.STATEMENT, row.state, row.total, own, own, version, row.number)


def _collected(rows: Sequence[_Stated], today: date) -> Collected:
    sealed = [row for row in rows if row.state in SEALED]
    settled = [row for row in sealed if row.state == StatementState.SETTLED]
    return Collected(
        issued=len(sealed),
        issued_amount=sum((row.total for row in sealed), ZERO),
        disputed=sum(1 for row in sealed if row.state == StatementState.DISPUTED),
        overdue=sum(1 for row in sealed if row.state in PAYABLE and row.pay_by is not None and row.pay_by < today),
        settled=len(settled),
        settled_amount=sum((row.total for row in settled), ZERO),
    )
