"""Registrations as their own people and the region's desk read them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from kernel.actor import Actor
from kernel.problems import NotFound
from shared_apps.agencies.models import Agency, AgencyFile, AgencyStaff, ReportedChange
from shared_apps.agencies.permissions import DESK, own_organisations
from shared_apps.agencies.rules.content import Content, missing
from shared_apps.agencies.rules.registration import REGISTRATION, AgencyState

ROWS_MAX = 200
TABS = {
    "waiting": Q(state=AgencyState.SUBMITTED),
    "returned": Q(state=AgencyState.RETURNED),
    "published": Q(state=AgencyState.PUBLISHED),
    "late": Q(state=AgencyState.PUBLISHED),
    "all": Q(),
}


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration with all that belongs to it; `missing` says by field what the list still asks for."""

    row: Agency
    staff: tuple[AgencyStaff, ...]
    files: tuple[AgencyFile, ...]
    changes: tuple[ReportedChange, ...]
    missing: dict[str, str]

    @property
    def id(self) -> int:
        return int(self.row.pk)

    @property
    def uscc(self) -> str:
        return self.row.uscc

    @property
    def state(self) -> str:
        return self.row.state

    @property
    def version(self) -> int:
        return self.row.version

    @property
    def content(self) -> Content:
        return self.row.content

    @property
    def contact_email(self) -> str:
        return self.row.contact_email

    @property
    def return_reasons(self) -> dict[str, str]:
        reasons: dict[str, str] = self.row.return_reasons
        return reasons

    @property
    def working(self) -> tuple[AgencyStaff, ...]:
        return tuple(person for person in self.staff if person.left_on is None)


def _view(row: Agency) -> RegistrationView:
    staff = tuple(row.staff.order_by("joined_on", "pk"))
    files = tuple(row.files.filter(replaced_at=None).order_by("kind", "pk"))
    found = missing(
        content=row.content,
        staff=sum(person.left_on is None for person in staff),
        files={file.kind for file in files},
    )
    return RegistrationView(
        row=row, staff=staff, files=files, changes=tuple(row.changes.order_by("-reported_at", "-pk")[:100]),
        missing={field: str(lack) for field, lack in found.items()},
    )  # fmt: skip


def own_agency(*, actor: Actor) -> RegistrationView:
    """The agency that the actor acts for. Raises NotFound."""
    row = Agency.objects.filter(organisation_id__in=own_organisations(actor)).order_by("pk").first()
    if row is None:
        raise NotFound
    return _view(row)


def registration(*, actor: Actor, agency_id: int) -> RegistrationView:
    """For the desk. Raises NotFound for everybody else."""
    row = Agency.objects.filter(pk=agency_id).first() if actor.posts & DESK else None
    if row is None:
        raise NotFound(agency=agency_id)
    return _view(row)


def registrations(*, actor: Actor, q: str = "", tab: str = "waiting") -> list[Agency]:
    """The desk's list: those that wait longest first. `late` shows who reported a change after its day."""
    if not actor.posts & DESK:
        return []
    rows = Agency.objects.filter(TABS[tab]).annotate(
        has_late=Exists(ReportedChange.objects.filter(agency=OuterRef("pk"), is_late=True))
    )
    if tab == "late":
        rows = rows.filter(has_late=True)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(uscc=q.upper()))
    order = ("submitted_at", "pk") if tab == "waiting" else ("-opened_at", "-pk")
    return list(rows.order_by(*order)[:ROWS_MAX])


def waiting_count(*, actor: Actor) -> int:
    return Agency.objects.filter(state=AgencyState.SUBMITTED).count() if actor.posts & DESK else 0


def possible_actions(*, actor: Actor, row: Agency) -> frozenset[str]:
    """What the actor's posts allow in its present state: the buttons of the page."""
    return frozenset(move.action for move in REGISTRATION.actions(row.state, actor.posts))
