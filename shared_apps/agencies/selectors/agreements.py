"""Reading agreements and evaluations: from the purchaser, its bureau, the agency, the suppliers that took part."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from shared_apps.agencies.models import Agreement, Evaluation, Participant
from shared_apps.agencies.permissions import DESK, own_organisations
from shared_apps.agencies.rules.agreements import AGREEMENT
from shared_apps.agencies.rules.evaluations import EvaluationState, EvaluatorRole
from shared_apps.inbox.selectors import organisations_with_post

ROWS_MAX = 200
_SUPPLIER = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})


@dataclass(frozen=True, slots=True)
class Purchaser:
    """A budget unit for which somebody may file."""

    pk: int
    name: str
    tenant_code: str


@dataclass(frozen=True, slots=True)
class Evaluator:
    """As whom the actor may evaluate under an agreement."""

    role: EvaluatorRole
    organisation_id: int
    name: str


def bureau_codes(actor: Actor) -> frozenset[str]:
    """Levels whose bureau the actor is a supervisor of."""
    offices = actor.organisations(Post.TIER_SUPERVISOR)
    return frozenset(p.tenant_code for p in actor.belongs if p.organisation_id in offices and p.tenant_code)


def _administered(actor: Actor) -> frozenset[int]:
    """Units that the actor administers, as the region knows it from the malls' journals."""
    if not any(place.organisation_kind == OrganisationKind.BUDGET_UNIT for place in actor.belongs):
        return frozenset()
    return organisations_with_post(actor=actor, post=Post.UNIT_ADMINISTRATOR)


def purchasers(*, actor: Actor) -> list[Purchaser]:
    """Units for which the actor may file, by name: those administered, and those of the actor's bureau."""
    mine = _administered(actor)
    found = {
        place.organisation_id: Purchaser(place.organisation_id, place.organisation_name, place.tenant_code)
        for place in actor.belongs
        if place.organisation_id in mine and place.tenant_code
    }
    for code in sorted(bureau_codes(actor)):
        for unit in organisations_of_tenant(tenant_code=code, kind=OrganisationKind.BUDGET_UNIT):
            found.setdefault(unit.pk, Purchaser(unit.pk, unit.name, code))
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


def purchaser_to_file_for(*, actor: Actor, organisation_id: int) -> Purchaser:
    """Raises NotFound for a unit that is not the actor's to file for."""
    for one in purchasers(actor=actor):
        if one.pk == organisation_id:
            return one
    raise NotFound(organisation=organisation_id)


def may_file_for(*, actor: Actor, organisation_id: int, tenant_code: str) -> bool:
    return tenant_code in bureau_codes(actor) or organisation_id in _administered(actor)


def visible(*, actor: Actor) -> QuerySet[Agreement]:
    """Agreements of which the actor is a side, or that the actor supervises; a stranger's do not exist."""
    rows = Agreement.objects.select_related("agency")
    if actor.posts & DESK:
        return rows
    mine = Q(pk__in=[])
    units = [p.organisation_id for p in actor.belongs if p.organisation_kind == OrganisationKind.BUDGET_UNIT]
    if units:
        mine |= Q(purchaser_id__in=units)
    if codes := bureau_codes(actor):
        mine |= Q(tenant_code__in=codes)
    if agencies := own_organisations(actor):
        mine |= Q(agency__organisation_id__in=agencies)
    if suppliers := own_organisations(actor, _SUPPLIER):
        took_part = Participant.objects.filter(agreement=OuterRef("pk"), organisation_id__in=suppliers)
        mine |= Q(Exists(took_part))
    return rows.filter(mine)


def evaluator_of(*, actor: Actor, agreement: Agreement) -> Evaluator | None:
    """The purchaser's own administrator, not its bureau; a participating supplier's administrator; nobody else."""
    if agreement.purchaser_id in _administered(actor):
        return Evaluator(EvaluatorRole.PURCHASER, agreement.purchaser_id, agreement.purchaser_name)
    mine = own_organisations(actor, {Post.SUPPLIER_ADMIN})
    found = agreement.participants.filter(organisation_id__in=mine).order_by("pk").first() if mine else None
    return Evaluator(EvaluatorRole.SUPPLIER, found.organisation_id, found.name) if found else None


def agreements(*, actor: Actor, q: str = "", state: str = "", appealed: bool = False) -> list[Agreement]:
    """Newest first; two statements at most beside those of the actor."""
    rows = visible(actor=actor)
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(
            Q(number=q.upper()) | Q(subject__icontains=q) | Q(purchaser_name__icontains=q)
            | Q(agency__name__icontains=q) | Q(agency__uscc=q.upper())
        )  # fmt: skip
    if appealed:
        open_ones = Evaluation.objects.filter(agreement=OuterRef("pk"), state=EvaluationState.APPEALED)
        rows = rows.filter(Exists(open_ones))
    return list(rows.order_by("-filed_at", "-pk")[:ROWS_MAX])


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement as the actor sees it, with what the actor may do."""

    row: Agreement
    participants: tuple[Participant, ...]
    evaluations: tuple[Evaluation, ...]
    may: frozenset[str]
    evaluates_as: Evaluator | None
    is_agency: bool

    @property
    def id(self) -> int:
        return int(self.row.pk)


def agreement(*, actor: Actor, agreement_id: int) -> AgreementView:
    """Raises NotFound for strangers. A supplier sees its own evaluation only, and no other supplier."""
    row = visible(actor=actor).filter(pk=agreement_id).first()
    if row is None:
        raise NotFound(agreement=agreement_id)
    participants = tuple(row.participants.order_by("name", "pk"))
    evaluations = tuple(row.evaluations.order_by("given_at", "pk"))
    suppliers = own_organisations(actor, _SUPPLIER)
    # Who is here as a supplier only, sees what is the supplier's.
    belongs = {place.organisation_id for place in actor.belongs}
    is_agency = row.agency.organisation_id in own_organisations(actor)
    whole = bool(
        actor.posts & DESK or is_agency or row.purchaser_id in belongs or row.tenant_code in bureau_codes(actor)
    )
    if not whole:
        participants = tuple(one for one in participants if one.organisation_id in suppliers)
        evaluations = tuple(one for one in evaluations if one.organisation_id in suppliers)
    files = may_file_for(actor=actor, organisation_id=row.purchaser_id, tenant_code=row.tenant_code)
    moves = AGREEMENT.actions(row.state, [Post.UNIT_ADMINISTRATOR]) if files else ()
    party = evaluator_of(actor=actor, agreement=row)
    if party is not None and any(one.organisation_id == party.organisation_id for one in evaluations):
        party = None
    return AgreementView(row, participants, evaluations, frozenset(move.action for move in moves), party, is_agency)


def agreement_of_evaluation(*, actor: Actor, evaluation_id: int) -> int:
    """The agreement that an evaluation belongs to. Raises NotFound for strangers."""
    found = Evaluation.objects.filter(pk=evaluation_id, agreement__in=visible(actor=actor)).values_list(
        "agreement_id", flat=True
    )
    first = found.first()
    if first is None:
        raise NotFound(evaluation=evaluation_id)
    return int(first)
