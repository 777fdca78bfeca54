"""Reading the fleet: malls of all finance levels with what the region knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.fees.selectors import month_totals
from shared_apps.fleet.models import MallFigures
from shared_apps.fleet.permissions import READERS
from shared_apps.fleet.rules import Sort
from shared_apps.onboarding.selectors import Asked, application_states, newest_applications, progress
from shared_apps.region_journal.selectors import of_object
from tenants.divisions.selectors import Place, places, supervised_codes, supervisors
from tenants.registry.rules import TenantState
from tenants.registry.selectors import TenantName, hosts_of, primary_hosts, tenant_names

# Beside the states of a tenant: what a division's application says while there is no mall.
APPLIED_STATES = ("applied", "approved", "provisioning", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class MallRow:
    """One mall, or the application for one, as the console lists it.

    `state` is a tenant's, or an application's while there is no mall (`has_mall` says which). Figures are None where
    nothing was measured yet.
    """

    code: str
    name: str
    division_code: str
    level: str
    prefecture_code: str
    prefecture_name: str
    supervisor_code: str
    supervisor_name: str
    state: str
    has_mall: bool
    host: str
    is_demo: bool
    is_practice: bool
    schema_bytes: int | None
    behind: int | None
    last_activity_at: datetime | None
    measured_at: datetime | None
    checklist_done: int | None
    checklist_total: int | None
    fee: Decimal | None
    fee_budget: Decimal | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows are made of: each read once, whatever the number of malls."""

    places: dict[str, Place]
    above: dict[str, str]
    names: dict[str, TenantName]
    hosts: dict[str, str]
    figures: dict[str, MallFigures]
    progress: dict[str, Any]
    fees: dict[str, Decimal]
    fee_year: int
    applications: dict[str, Asked]

    def fee_budget(self, *codes: str) -> Decimal | None:
        """What the newest approved application of the division declares for this year, under any of its codes."""
        for code in codes:
            found = self.applications.get(code)
            if found is not None and found.is_approved and found.fee_year == self.fee_year:
                return found.fee_budget
        return None


def _known(*, now: datetime, with_hosts: bool) -> _Known:
    month = local_date(now).replace(day=1)
    return _Known(
        places=places(),
        above=supervisors(),
        names=tenant_names(),
        hosts=primary_hosts() if with_hosts else {},
        figures={row.tenant_code: row for row in MallFigures.objects.all()},
        progress=progress(),
        fees=month_totals(month=month),
        fee_year=month.year,
        applications=newest_applications(),
    )


def _row(known: _Known, tenant: TenantName) -> MallRow:
    figures, told = known.figures.get(tenant.code), known.progress.get(tenant.code)
    above = known.above.get(tenant.code, "")
    prefecture = _prefecture(known, tenant.division_code)
    return MallRow(
        code=tenant.code,
        name=tenant.name,
        division_code=tenant.division_code,
        level=tenant.level,
        prefecture_code=prefecture.code if prefecture else "",
        prefecture_name=prefecture.name if prefecture else "",
        supervisor_code=above,
        supervisor_name=known.names[above].name if above in known.names else _place_name(known, above),
        state=tenant.state,
        has_mall=True,
        host=known.hosts.get(tenant.code, ""),
        is_demo=tenant.is_demo,
        is_practice=tenant.is_practice,
        schema_bytes=figures.schema_bytes if figures else None,
        behind=figures.behind if figures else None,
        last_activity_at=figures.last_activity_at if figures else None,
        measured_at=figures.measured_at if figures else None,
        checklist_done=told.done if told else None,
        checklist_total=told.total if told else None,
        fee=None if tenant.is_practice else known.fees.get(tenant.code, Decimal(0) if known.fees else None),
        fee_budget=known.fee_budget(tenant.division_code, tenant.code),
    )


def _application_row(known: _Known, place: Place, state: str) -> MallRow:
    """A division that asked for a mall and has none."""
    prefecture, above = _prefecture(known, place.code), known.above.get(place.code, "")
    return MallRow(
        code=place.code,
        name=place.name,
        division_code=place.code,
        level=place.level,
        prefecture_code=prefecture.code if prefecture else "",
        prefecture_name=prefecture.name if prefecture else "",
        supervisor_code=above,
        supervisor_name=known.names[above].name if above in known.names else _place_name(known, above),
        state=state,
        has_mall=False,
        host="",
        is_demo=False,
        is_practice=False,
        schema_bytes=None,
        behind=None,
        last_activity_at=None,
        measured_at=None,
        checklist_done=None,
        checklist_total=None,
        fee=None,
        fee_budget=known.fee_budget(place.code),
    )


def _prefecture(known: _Known, division_code: str) -> Place | None:
    here = known.places.get(division_code)
    within = known.places.get(here.prefecture_code) if here else None
    return within if within is not None and within.level == "prefecture" else None


def _place_name(known: _Known, code: str) -> str:
    return known.places[code].name if code in known.places else ""


def _rows(known: _Known) -> list[MallRow]:
    """Malls by code, then what is asked for and not there yet; practice malls among them."""
    rows = [_row(known, tenant) for tenant in known.names.values()]
    taken = {tenant.division_code for tenant in known.names.values() if not tenant.is_practice}
    rows += [
        _application_row(known, known.places[division], asked.state)
        for division, asked in known.applications.items()
        if division not in taken and division in known.places and asked.state in APPLIED_STATES
    ]
    return sorted(rows, key=lambda row: row.code)


@dataclass(frozen=True, slots=True)
class Fleet:
    """The list of malls that fit, and what there is in all. `practice` stands apart and is never counted."""

    rows: tuple[MallRow, ...]
    practice: tuple[MallRow, ...]
    total: int
    counts: dict[str, int]
    prefectures: tuple[tuple[str, str], ...]
    supervisors: tuple[tuple[str, str], ...]


def fleet(
    *, actor: Actor, q: str = "", level: str = "", prefecture: str = "", supervisor: str = "", state: str = "",
    sort: str = Sort.CODE, with_hosts: bool = False, now: datetime,
) -> Fleet:  # fmt: skip
    """Malls for region staff and auditors; nine statements whatever their number. Raises NotFound for others.

    `supervisor` brings all that answer to it, at any depth. Hosts cost one statement more.
    """
    if not actor.posts & READERS:
        raise NotFound
    known = _known(now=now, with_hosts=with_hosts)
    everything = _rows(known)
    malls = [row for row in everything if not row.is_practice]
    below = _below(supervisor, known.above) if supervisor else frozenset()
    fits = [
        row
        for row in everything
        if (not q or q in row.name or row.code.startswith(q) or row.division_code.startswith(q))
        and level in {"", row.level}
        and prefecture in {"", row.prefecture_code}
        and (not supervisor or row.code in below)
        and state in {"", row.state}
    ]
    counts: dict[str, int] = {}
    for row in malls:
        counts[row.state] = counts.get(row.state, 0) + 1
    return Fleet(
        rows=tuple(_sorted([row for row in fits if not row.is_practice], sort)),
        practice=tuple(row for row in fits if row.is_practice),
        total=len(malls),
        counts=counts,
        prefectures=tuple(sorted({(row.prefecture_code, row.prefecture_name) for row in malls if row.prefecture_code})),
        supervisors=tuple(sorted({(row.supervisor_code, row.supervisor_name) for row in malls if row.supervisor_code})),
    )


def _below(supervisor: str, above: Mapping[str, str]) -> frozenset[str]:
    """Who answers to `supervisor`, at any depth, by the tree already read."""
    found, frontier = set[str](), {supervisor}
    while frontier:
        frontier = {code for code, chief in above.items() if chief in frontier} - found
        found |= frontier
    return frozenset(found)


def _sorted(rows: list[MallRow], sort: str) -> list[MallRow]:
    states = {state: number for number, state in enumerate((*TenantState, *APPLIED_STATES))}
    if sort == Sort.STATE:
        return sorted(rows, key=lambda row: (states[row.state], row.code))
    if sort == Sort.SIZE:
        return sorted(rows, key=lambda row: (-(row.schema_bytes or 0), row.code))
    if sort == Sort.ACTIVITY:
        return sorted(
            rows, key=lambda row: (-(row.last_activity_at.timestamp() if row.last_activity_at else 0), row.code)
        )
    if sort == Sort.FEE:
        return sorted(rows, key=lambda row: (-(row.fee or 0), row.code))
    return rows


def mall(*, actor: Actor, code: str, now: datetime) -> MallRow:
    """One mall for region staff and auditors. Raises NotFound."""
    if actor.posts & READERS and code in tenant_names(codes=[code]):
        known = _known(now=now, with_hosts=True)
        return _row(known, known.names[code])
    raise NotFound(tenant=code)


def other_hosts(*, code: str) -> tuple[str, ...]:
    """Hosts that redirect to the mall's own one."""
    return tuple(host for host, is_primary in hosts_of(code=code) if not is_primary)


def history(*, code: str, division_code: str) -> list[Any]:
    """Journal rows of the region about the mall and about its division, newest first."""
    rows = [
        *of_object(object_type="tenant", object_id=code),
        *of_object(object_type="division", object_id=division_code),
    ]
    return sorted(rows, key=lambda row: row.pk, reverse=True)


@dataclass(frozen=True, slots=True)
class SupervisedRow:
    """How far a mall is that the actor's finance level supervises."""

    code: str
    name: str
    state: str
    has_mall: bool
    checklist_done: int | None
    checklist_total: int | None
    live_at: datetime | None
    last_activity_at: datetime | None
    supervisor_name: str


def supervised(*, actor: Actor, q: str = "", state: str = "") -> list[SupervisedRow]:
    """The finance levels that answer to the actor's own, at any depth, with their malls' progress; nothing of others.

    `q` narrows by a part of the name or the beginning of the code. Six statements, one more for each further office.
    Practice malls are nobody's supervision.
    """
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    own = {place.tenant_code for place in actor.belongs if place.organisation_id in bureaus and place.tenant_code}
    if not own:
        raise NotFound
    below: set[str] = set()
    for code in own:
        below |= supervised_codes(supervisor_code=code)
    below -= own
    by_code, above, names = places(), supervisors(), tenant_names(codes=below)
    figures = {row.tenant_code: row for row in MallFigures.objects.filter(tenant_code__in=below)}
    told, asked = progress(codes=below), application_states(codes=below)
    rows = []
    for code in sorted(below):
        found = names.get(code)
        if found is None and code not in by_code:
            continue
        chief = above.get(code, "")
        rows.append(
            SupervisedRow(
                code=code,
                name=found.name if found else by_code[code].name,
                state=found.state if found else asked.get(code, ""),
                has_mall=found is not None,
                checklist_done=told[code].done if code in told else None,
                checklist_total=told[code].total if code in told else None,
                live_at=found.live_at if found else None,
                last_activity_at=figures[code].last_activity_at if code in figures else None,
                supervisor_name=by_code[chief].name if chief in by_code else "",
            )
        )
    return [row for row in rows if (q in row.name or row.code.startswith(q)) and state in {"", row.state}]
