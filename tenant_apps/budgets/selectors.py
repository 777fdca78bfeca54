"""Reading budgets, starting from the actor where a person asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from kernel.actor import Actor, HeldPost
from kernel.clock import local_date
from kernel.posts import SUPERVISE_FROM_ABOVE, Post
from kernel.problems import NotFound
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from tenant_apps.budgets.models import BudgetEntry, BudgetLine, BudgetUnit
from tenant_apps.budgets.rules import Balance, Entry, LineView, UnitView, is_below, running
from tenants.database.context import current_tenant
from tenants.registry.practice import home_of
from tenants.registry.rules import TenantKind

# Whoever oversees the tenant reads every unit; people of a unit read their own.
OVERSEERS = (Post.TIER_SUPERVISOR, *sorted(SUPERVISE_FROM_ABOVE), Post.AUDITOR)
UNIT_POSTS = (
    Post.UNIT_ADMINISTRATOR,
    Post.BUYER_CLERK,
    Post.BUYER_APPROVER,
    Post.BUYER_ACCEPTOR,
    Post.BUYER_PAYER,
)


def _unit_view(unit: BudgetUnit) -> UnitView:
    return UnitView(unit.pk, unit.code, unit.name, unit.organisation_id, unit.is_active)


def line_view(line: BudgetLine) -> LineView:
    return LineView(
        id=line.pk,
        unit_id=line.unit_id,
        unit_code=line.unit.code,
        unit_name=line.unit.name,
        fiscal_year=line.fiscal_year,
        plan_number=line.plan_number,
        plan_filed_on=line.plan_filed_on,
        budget_item=line.budget_item,
        fund_source=line.fund_source,
        functional_class=line.functional_class,
        economic_class=line.economic_class,
        total=line.total,
        frozen=line.frozen,
        spent=line.spent,
        is_open=line.is_open,
        item_id=line.item_id,
        quota_number=line.quota_number,
    )


def units() -> list[UnitView]:
    """Every active unit, for the tenant's own machinery; what a person sees comes from `units_of`."""
    return [_unit_view(unit) for unit in BudgetUnit.objects.filter(is_active=True).order_by("code")]


def units_of(actor: Actor, post: Post | None = None) -> list[UnitView]:
    """Active units in which the actor holds `post` (or any post of a unit); all of them for overseers without `post`.

    A post held without a unit reaches every unit of its organisation. Without `post` an administrator reads the units
    below as well; to act for them a post there is needed.
    """
    rows = BudgetUnit.objects.filter(is_active=True).order_by("code")
    if post is None and any(actor.has(overseer) for overseer in OVERSEERS):
        return [_unit_view(unit) for unit in rows]
    posts = UNIT_POSTS if post is None else (post,)
    held = [one for one in actor.held if one.post in posts]
    if not held:
        return []
    own = [unit for unit in rows if any(_is_held_in(one, unit) for one in held)]
    if post is not None:
        return [_unit_view(unit) for unit in own]
    chiefs = [one for one in held if one.post == Post.UNIT_ADMINISTRATOR]
    above = [unit.code for unit in own if any(_is_held_in(one, unit) for one in chiefs)]
    ids = {unit.pk for unit in own}
    return [_unit_view(unit) for unit in rows if unit.pk in ids or any(is_below(unit.code, code) for code in above)]


def _is_held_in(held: HeldPost, unit: BudgetUnit) -> bool:
    return held.unit_id == unit.pk or (held.unit_id is None and held.organisation_id == unit.organisation_id)


def organisation_choices() -> list[tuple[int, str]]:
    """This level's own organisations that a unit may belong to."""
    own = organisations_of_tenant(tenant_code=home_of(current_tenant().code), kind=OrganisationKind.BUDGET_UNIT)
    return [(organisation.pk, f"{organisation.code} {organisation.name}") for organisation in own]


def unit_organisations() -> frozenset[int]:
    """The organisations a unit may belong to; for practice the bureau has a unit as well."""
    tenant = current_tenant()
    kinds = [OrganisationKind.BUDGET_UNIT]
    if tenant.kind == TenantKind.PRACTICE:
        kinds.append(OrganisationKind.FINANCE_BUREAU)
    home = home_of(tenant.code)
    return frozenset(one.pk for kind in kinds for one in organisations_of_tenant(tenant_code=home, kind=kind))


def organisation_codes() -> dict[int, tuple[str, str]]:
    """Code and name of this level's organisations by their ids."""
    own = organisations_of_tenant(tenant_code=home_of(current_tenant().code), kind=OrganisationKind.BUDGET_UNIT)
    return {organisation.pk: (organisation.code, organisation.name) for organisation in own}


def unit_by_id(*, unit_id: int) -> UnitView:
    """Raises NotFound."""
    unit = BudgetUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound(unit_id=unit_id)
    return _unit_view(unit)


def _lines() -> QuerySet[BudgetLine]:
    return BudgetLine.objects.select_related("unit").order_by("unit__code", "plan_number", "id")


def open_lines(*, unit_id: int, fiscal_year: int) -> list[LineView]:
    """The unit's open lines of a fiscal year. One statement."""
    return [line_view(line) for line in _lines().filter(unit_id=unit_id, fiscal_year=fiscal_year, is_open=True)]


def lines_by_id(ids: Collection[int]) -> dict[int, LineView]:
    """Lines by id, without asking who wants them: callers compare `unit_id` with the order's. One statement."""
    return {line.pk: line_view(line) for line in _lines().filter(pk__in=ids)}


def lines_of(*, actor: Actor, unit_id: int | None = None, fiscal_year: int | None = None) -> list[LineView]:
    """Lines the actor may see, of one unit or of all of theirs. Raises NotFound for a stranger's unit."""
    own = {unit.id for unit in units_of(actor)}
    if unit_id is not None and unit_id not in own:
        raise NotFound(unit_id=unit_id)
    rows = _lines().filter(unit_id__in=[unit_id] if unit_id is not None else own)
    if fiscal_year is not None:
        rows = rows.filter(fiscal_year=fiscal_year)
    return [line_view(line) for line in rows]


@dataclass(frozen=True)
class Statement:
    """A line with its entries of a time and the balance after each; all entries add up to the line."""

    line: LineView
    opening: Balance
    rows: Sequence[tuple[Entry, Balance]]
    closing: Balance
    adds_up: bool


def statement(*, actor: Actor, line_id: int, since: date | None = None, until: date | None = None) -> Statement:
    """The statement of one line, from its beginning or from the day `since` to the day `until`.

    Raises NotFound for strangers.
    """
    line = line_of(actor=actor, line_id=line_id)
    entries = [
        Entry(
            row.pk, row.kind, row.amount, row.order_id, row.resolves_id, row.reason, row.actor_name, row.at,
            row.other_line_id, row.actor_id,
        )
        for row in BudgetEntry.objects.filter(line=line).order_by("id")
    ]  # fmt: skip
    whole = running(entries)
    shown = [
        (entry, after)
        for entry, after in whole
        if (since is None or local_date(entry.at) >= since) and (until is None or local_date(entry.at) <= until)
    ]
    earlier = [after for entry, after in whole if since is not None and local_date(entry.at) < since]
    opening = earlier[-1] if earlier else Balance()
    last = whole[-1][1] if whole else Balance()
    return Statement(
        line=line_view(line),
        opening=opening,
        rows=shown,
        closing=shown[-1][1] if shown else opening,
        adds_up=last == Balance(line.total, line.frozen, line.spent),
    )


def line_of(*, actor: Actor, line_id: int) -> BudgetLine:
    """A line the actor may read. Raises NotFound."""
    line = _lines().filter(pk=line_id, unit_id__in=[unit.id for unit in units_of(actor)]).first()
    if line is None:
        raise NotFound(line_id=line_id)
    return line
