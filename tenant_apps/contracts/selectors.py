"""Reading contracts, always starting from the actor: a stranger's is absent. The published ones are everybody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Prefetch, Q, QuerySet

from kernel.actor import Actor
from kernel.keysets import page_of_rows
from kernel.problems import NotFound
from tenant_apps.contracts.models import Contract, ContractVersion, Signature
from tenant_apps.contracts.rules import (
    BINDING,
    OVER,
    PUBLIC,
    SIGNABLE,
    Room,
    SignatureState,
    VersionKind,
    VersionState,
    Withheld,
    supplement_room,
)
from tenant_apps.journal.selectors import HistoryEntry, history
from tenant_apps.orders.deadlines import Limit
from tenant_apps.orders.permissions import UNIT_POSTS, reads_all, supplier_reach, unit_reach
from tenant_apps.orders.selectors import order_for

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 10_000
# The bureau's tabs: what still has to be filed, what is late with it, what is in the register.
TABS = ("waiting", "late", "filed")


@dataclass(frozen=True, slots=True)
class VersionList:
    """One page, newest first. `next_after` is the last id when there are more."""

    versions: Sequence[ContractVersion]
    next_after: int | None


@dataclass(frozen=True)
class ContractDossier:
    """A contract with its versions, newest first, and what happened to it."""

    contract: Contract
    order: Order
    versions: Sequence[ContractVersion]
    history: Sequence[HistoryEntry]

    @property
    def latest(self) -> ContractVersion:
        return self.versions[0]

    @property
    def main(self) -> ContractVersion | None:
        """The contract that binds, once both have signed it."""
        found = (row for row in self.versions if row.kind == VersionKind.MAIN and row.state in BINDING)
        return next(found, None)

    @property
    def to_order(self) -> Sequence[ContractVersion]:
        """Signed supplements whose goods are not ordered yet."""
        return [
            row
            for row in self.versions
            if row.kind == VersionKind.SUPPLEMENT and row.state in BINDING and not hasattr(row, "ordered")
        ]

    @property
    def is_settled(self) -> bool:
        """Whether there is a contract and nothing of it waits to be signed, published or filed."""
        return self.main is not None and all(row.state in {*OVER, VersionState.FILED} for row in self.versions)

    @property
    def room(self) -> Room | None:
        """What supplements may still come to; None before there is a contract."""
        if self.main is None:
            return None
        used = (row.amount for row in self.versions if row.kind == VersionKind.SUPPLEMENT and row.state in BINDING)
        return supplement_room(main=self.main.amount, supplements=used)


def visible_to(actor: Actor) -> Q:
    """As the contract's order: its unit, the bureau, and its supplier from the moment a text was offered."""
    if reads_all(actor) or actor.is_system:
        return Q()
    offered = Contract.objects.filter(supplier_reach(actor))
    return Q(contract__in=Contract.objects.filter(unit_reach(actor, *UNIT_POSTS))) | Q(
        contract__in=offered, document__isnull=False
    )


def version_for(*, actor: Actor, version_id: int) -> ContractVersion:
    """Raises NotFound, the same for absent and for strangers. One statement."""
    row = _rows().filter(visible_to(actor), pk=version_id).first()
    if row is None:
        raise NotFound(version_id=version_id)
    return row


def contract_for(*, actor: Actor, contract_id: int) -> ContractDossier:
    """A contract with what the actor may see of it. Four statements."""
    rows = _rows().filter(visible_to(actor), contract_id=contract_id).order_by("-ordinal")
    signatures = Prefetch("signatures", Signature.objects.order_by("id"))
    versions = list(rows.prefetch_related(signatures))
    if not versions:
        raise NotFound(contract_id=contract_id)
    contract = versions[0].contract
    return ContractDossier(
        contract=contract,
        order=order_for(actor=actor, order_id=contract.order_id),
        versions=versions,
        history=history(object_type="contract", object_id=contract.pk),
    )


def versions_for(*, actor: Actor, state: str = "", search: str = "", after: int | None = None) -> VersionList:
    """Versions the actor may see, newest first; `search` is the beginning of a number or part of a name."""
    return _page(_found(_rows().filter(visible_to(actor)), state, search), after)


def versions_to_export(*, actor: Actor, state: str = "", search: str = "") -> Iterator[ContractVersion]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    return iter(_found(_rows().filter(visible_to(actor)), state, search)[:EXPORT_ROWS_MAX])


def filings_for(
    *, actor: Actor, now: datetime, tab: str = "", search: str = "", after: int | None = None
) -> VersionList:
    """The bureau's register: signed contracts by whether their copy has come. One statement."""
    return _page(_filings(actor, now, tab, search), after)


def filings_to_export(*, actor: Actor, now: datetime, tab: str = "", search: str = "") -> Iterator[ContractVersion]:
    return iter(_filings(actor, now, tab, search)[:EXPORT_ROWS_MAX])


def of_order(*, order_id: int) -> list[ContractVersion]:
    """The versions of an order the caller has reached, newest first; or the supplement it was placed under.

    One statement.
    """
    return list(_rows().filter(Q(contract__order_id=order_id) | Q(ordered__order_id=order_id)).order_by("-ordinal"))


def published(*, search: str = "", after: int | None = None) -> VersionList:
    """What the public may read, newest first. One statement."""
    return _page(_found(_rows().filter(state__in=sorted(PUBLIC)), "", search), after)


def published_version(*, version_id: int) -> ContractVersion:
    """Raises NotFound for what is not published. One statement."""
    row = _rows().filter(state__in=sorted(PUBLIC), pk=version_id).first()
    if row is None:
        raise NotFound(version_id=version_id)
    return row


def public_text(row: ContractVersion) -> dict[str, Any]:
    """What the public reads of a published text: without the people named in it and without what is withheld."""
    content: Mapping[str, Any] = row.document.content
    lines = lines_of(content)
    for line in lines:
        if Withheld.MODELS in row.withheld:
            line["detail"] = None
        if Withheld.PRICES in row.withheld:
            line |= {"price": None, "freight": None, "amount": None}
    return {
        "order_number": content["order_number"],
        "buyer": {"name": content["buyer"]["name"], "unit": content["buyer"]["unit"]},
        "supplier": {name: content["supplier"][name] for name in ("name", "code", "is_sme")},
        "reserved_for_sme": content["reserved_for_sme"],
        "lines": lines,
        "total": Decimal(content["total"]),
        "delivery_on": content.get("delivery_on"),
        "payment_days": content.get("payment_days"),
        "terms": None if Withheld.TERMS in row.withheld else content.get("terms", content.get("reason", "")),
        "supplement_to": content.get("supplement_to", ""),
    }


def lines_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a text, their amounts as amounts."""
    return [
        {**line, **{name: Decimal(line[name]) for name in ("price", "freight", "amount")}} for line in content["lines"]
    ]


def is_document_for(*, actor: Actor, key: str) -> bool:
    """Whether the actor may read the document that was kept under this key. One statement."""
    return ContractVersion.objects.filter(visible_to(actor), document__file_key=key).exists()


def last_ordinal(*, contract_id: int) -> int:
    found = ContractVersion.objects.filter(contract_id=contract_id).aggregate(last=Max("ordinal"))
    return int(found["last"] or 0)


def limit_of(row: ContractVersion) -> Limit | None:
    """The limit that runs for a version now: to publish, then to file."""
    if row.signed_at is None or row.filed_at is not None:
        return None
    due = row.publish_due_at if row.state == VersionState.SIGNED else row.file_due_at
    return Limit(row.signed_at, due) if due else None


def signatures_of(row: ContractVersion) -> list[Signature]:
    """The signatures of a version that was read with them: the last of each side counts."""
    return list(row.signatures.all())


def has_signed(row: ContractVersion, side: str) -> bool:
    """Whether the side has signed the version or waits for the service; of a version read with its signatures."""
    done = {SignatureState.SIGNED, SignatureState.REQUESTED, SignatureState.SENT}
    return row.state in SIGNABLE and any(one.side == side and one.state in done for one in row.signatures.all())


def _rows() -> QuerySet[ContractVersion]:
    return ContractVersion.objects.select_related("contract", "document", "announcement", "ordered")


def _found(rows: QuerySet[ContractVersion], state: str, search: str) -> QuerySet[ContractVersion]:
    rows = rows.order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(
            Q(contract__number__startswith=search.upper())
            | Q(contract__order_number__startswith=search.upper())
            | Q(contract__supplier_name__icontains=search)
            | Q(contract__unit_name__icontains=search)
        )
    return rows


def _filings(actor: Actor, now: datetime, tab: str, search: str) -> QuerySet[ContractVersion]:
    rows = _found(_rows().filter(visible_to(actor), state__in=sorted(BINDING)), "", search)
    if tab == "filed":
        return rows.filter(state=VersionState.FILED)
    if tab == "late":
        # Late to be published, late to be filed, or filed too late.
        late_now = Q(filed_at__isnull=True, file_due_at__lte=now) | Q(
            published_at__isnull=True, publish_due_at__lte=now
        )
        return rows.filter(late_now)
    if tab == "waiting":
        return rows.exclude(state=VersionState.FILED)
    return rows


def _page(rows: QuerySet[ContractVersion], after: int | None) -> VersionList:
    return VersionList(*page_of_rows(rows, after=after, size=PAGE_SIZE))
