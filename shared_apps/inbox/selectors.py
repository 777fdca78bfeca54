"""Reading the to-do list. It starts from the actor: an item of somebody else's does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.posts import TENANT_POSTS, Post
from kernel.problems import NotFound
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import (
    ANYBODY,
    LEVEL_POSTS,
    PAGE_ROWS,
    REGION,
    REGION_WIDE_POSTS,
    SUPPLIER_POSTS,
    Due,
    ItemKind,
    ItemState,
    due_mark,
)
from tenants.registry.selectors import TenantName, tenant_names


@dataclass(frozen=True, slots=True)
class ItemView:
    """One row of the inbox."""

    id: int
    tenant_code: str
    tenant_name: str
    kind: str
    object_id: str
    step: str
    facts: dict[str, Any]
    audience_post: str
    state: str
    due_at: datetime | None
    due: Due
    created_at: datetime
    done_at: datetime | None

    @property
    def total(self) -> Decimal | None:
        amount = self.facts.get("total")
        return Decimal(amount) if amount else None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox. `next_before` is the cursor of the next one, or None."""

    items: tuple[ItemView, ...]
    next_before: int | None
    open_count: int
    tenants: tuple[tuple[str, str], ...]


def _visible(actor: Actor) -> QuerySet[InboxItem]:
    """The items whose audience the actor is part of: by the region's posts, or by a post held in the tenant."""
    if actor.user_id is None:
        return InboxItem.objects.none()
    mine = Q(pk__in=[])
    not_barred = ~Q(barred__contains=[str(actor.user_id)])
    if suppliers := actor.organisations(Post.SUPPLIER_ADMIN) | actor.organisations(Post.SUPPLIER_SALES):
        # Orders are both posts' work; a library's step is on pages of the one it names, and of those above it.
        whose = Q(audience_post=Post.SUPPLIER_SALES) | ~Q(kind=ItemKind.LIBRARY)
        if administered := actor.organisations(Post.SUPPLIER_ADMIN):
            whose |= Q(audience_organisation_id__in=administered)
        mine |= Q(whose, audience_post__in=sorted(SUPPLIER_POSTS), audience_organisation_id__in=suppliers)
    if agencies := actor.organisations(Post.AGENCY_MANAGER):
        mine |= Q(audience_post=Post.AGENCY_MANAGER, audience_organisation_id__in=agencies)
    for post in sorted(LEVEL_POSTS & actor.posts):
        offices = actor.organisations(post)
        codes = {place.tenant_code for place in actor.belongs if place.organisation_id in offices}
        asks = Q(audience_post=post) | Q(audience_post__in=sorted(LEVEL_POSTS), asked__contains=[f"{post}:{ANYBODY}"])
        mine |= Q(asks, not_barred, tenant_code__in=codes - {None})
        # What a library asks of the purchasing body its level's bureau may do as well; not the other way round.
        mine |= Q(kind=ItemKind.LIBRARY, audience_post=Post.CPB_OPERATOR, tenant_code__in=codes - {None})
    # A library's step of the whole region is taken by the bodies of any level, and by the region itself.
    if actor.posts & (LEVEL_POSTS | {Post.REGION_SUPERVISOR}):
        posts = sorted(LEVEL_POSTS & actor.posts or LEVEL_POSTS)
        mine |= Q(kind=ItemKind.LIBRARY, tenant_code=REGION, audience_post__in=posts)
    if wide := REGION_WIDE_POSTS & actor.posts:
        mine |= Q(not_barred, audience_post__in=sorted(wide), audience_organisation_id=None)
    places = [place.organisation_id for place in actor.belongs]
    mine |= Q(_may_act(actor.user_id, places), audience_post__in=sorted(TENANT_POSTS))
    # The region's libraries know a unit by its organisation.
    in_unit = PostHeld.objects.filter(
        user_id=actor.user_id,
        tenant_code=OuterRef("tenant_code"),
        organisation_id=OuterRef("audience_organisation_id"),
        post=OuterRef("audience_post"),
    ).filter(organisation_id__in=places)
    mine |= Q(Exists(in_unit), kind=ItemKind.LIBRARY, audience_post__in=sorted(TENANT_POSTS))
    return InboxItem.objects.filter(mine).exclude(state=ItemState.OPEN, facts__ends=True, due_at__lte=Now())


def _may_act(user_id: int, places: list[int]) -> Q:
    """A post held in the item's unit, by one of those whom its open steps ask: `rules.may_act` in SQL."""
    post, colon = Cast("post", TextField()), Value(":", TextField())
    named = Concat(post, colon, Cast(Coalesce("deputy_for", "user_id"), TextField()))
    anybody = Concat(post, colon, Value(ANYBODY, TextField()))
    in_whose_stead = Concat(Value("for:", TextField()), Cast("deputy_for", TextField()))
    held = PostHeld.objects.filter(
        Q(_InList(OuterRef("asked"), named))
        | Q(_InList(OuterRef("asked"), anybody))
        | Q(_IsEmpty(OuterRef("asked")), post=OuterRef("audience_post")),
        Q(deputy_for=None) | ~Q(_InList(OuterRef("barred"), in_whose_stead)),
        user_id=user_id,
        tenant_code=OuterRef("tenant_code"),
        unit_id=OuterRef("unit_id"),
        organisation_id__in=places,
    )
    return Q(Exists(held)) & ~Q(barred__contains=[str(user_id)])


class _InList(Func):
    """Whether a list of texts in JSON has one of them (the operator `?`, which is a placeholder to the driver)."""

    function = "jsonb_exists"
    output_field = BooleanField()


class _IsEmpty(Func):
    template = "%(expressions)s = '[]'::jsonb"
    output_field = BooleanField()


def organisations_with_post(*, actor: Actor, post: Post) -> frozenset[int]:
    """Own organisations in whose malls the actor holds the post, as their journals told last; one statement."""
    if actor.user_id is None:
        return frozenset()
    mine = [place.organisation_id for place in actor.belongs]
    held = PostHeld.objects.filter(user_id=actor.user_id, post=post, organisation_id__in=mine)
    return frozenset(held.values_list("organisation_id", flat=True))


def item_for(*, actor: Actor, item_id: int) -> InboxItem:
    """One item of the actor's inbox. Raises NotFound."""
    item = _visible(actor).filter(pk=item_id).first()
    if item is None:
        raise NotFound
    return item


def open_count(*, actor: Actor) -> int:
    """How many steps wait for the actor."""
    return _visible(actor).filter(state=ItemState.OPEN).count()


def inbox_page(
    *,
    actor: Actor,
    now: datetime,
    tenant: str | None = None,
    kind: str | None = None,
    state: ItemState = ItemState.OPEN,
    before: int | None = None,
    rows_max: int = PAGE_ROWS,
    urgent_first: bool = False,
) -> InboxPage:
    """The newest items first, one state at a time; three statements.

    `urgent_first` is for short lists without a cursor.
    """
    visible = _visible(actor)
    wanted = visible.filter(state=state)
    # Which malls there are to choose from, and how many open items, in one pass.
    by_tenant = dict(
        visible.order_by().values_list("tenant_code").annotate(open_items=Count("id", filter=Q(state=ItemState.OPEN)))
    )
    if tenant:
        wanted = wanted.filter(tenant_code=tenant)
    if kind:
        wanted = wanted.filter(kind=kind)
    if before:
        wanted = wanted.filter(pk__lt=before)
    order = (F("due_at").asc(nulls_last=True), "id") if urgent_first else ("-id",)
    found = list(wanted.order_by(*order)[: rows_max + 1])
    names = tenant_names(codes=by_tenant) if by_tenant else {}
    items = tuple(_view(item, _place(names, item.tenant_code), now) for item in found[:rows_max])
    return InboxPage(
        items=items,
        next_before=items[-1].id if len(found) > rows_max else None,
        open_count=sum(by_tenant.values()),
        tenants=tuple((code, name.name) for code, name in names.items()),
    )


def _place(names: dict[str, TenantName], code: str) -> str:
    return names[code].name if code in names else gettext("The region")


def _view(item: InboxItem, tenant_name: str, now: datetime) -> ItemView:
    is_open = item.state == ItemState.OPEN
    return ItemView(
        item.pk,
        item.tenant_code,
        tenant_name,
        item.kind,
        item.object_id,
        item.step,
        item.facts,
        item.audience_post,
        item.state,
        item.due_at,
        due_mark(due_at=item.due_at, now=now) if is_open else Due.NONE,
        item.created_at,
        item.done_at,
    )
