"""The address book of a unit: its clerks and administrators keep it, the checkout begins with its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import units_of
from tenant_apps.journal.services import record
from tenant_apps.storefront.areas import checked_area, own_area
from tenant_apps.storefront.selectors import served_areas
from tenant_apps.supermarket.models import DeliveryAddress
from tenants.database.context import tenant_atomic

KEEPERS = frozenset({Post.BUYER_CLERK, Post.UNIT_ADMINISTRATOR})
ADDRESSES_MAX = 50


class AddressChanged(Conflict):
    """Somebody else changed the entry since the form was opened."""

    code = "address-changed"
    title = _("The address was changed by somebody else in the meantime")


class AddressBookFull(Conflict):
    code = "address-book-full"
    title = _("The unit's address book is full")


# -- reading ---------------------------------------------------------------------------------------------------------
def kept_units(*, actor: Actor) -> dict[int, UnitView]:
    """The units whose address book the actor keeps. One statement a post that is held."""
    return {unit.id: unit for post in sorted(KEEPERS) if actor.has(post) for unit in units_of(actor, post)}


def addresses_of(*, actor: Actor, unit_id: int) -> Sequence[DeliveryAddress]:
    """The unit's entries, the default first. Raises NotFound for a unit that is not the actor's."""
    _kept(actor, unit_id)
    return entries(unit_id=unit_id)


def entries(*, unit_id: int, text: str = "") -> list[DeliveryAddress]:
    """The same for a caller who has reached the unit. One statement. `text` is a part of anything that is shown."""
    rows = DeliveryAddress.objects.filter(unit_id=unit_id)
    if text:
        parts = [Q(**{f"{name}__icontains": text}) for name in ("label", "address", "contact_name", "contact_phone")]
        rows = rows.filter(reduce(or_, parts))
    return list(rows.order_by("-is_default", "label"))


def address_for(*, actor: Actor, address_id: int) -> DeliveryAddress:
    """Raises NotFound, the same for absent and for strangers."""
    row = DeliveryAddress.objects.filter(pk=address_id).first()
    if row is None or row.unit_id not in kept_units(actor=actor):
        raise NotFound(address_id=address_id)
    return row


# -- writing ---------------------------------------------------------------------------------------------------------
def add_address(*, actor: Actor, unit_id: int, now: datetime, **said: object) -> DeliveryAddress:
    """A new entry; the unit's first one is its default. Raises AddressBookFull, AreaNotServed, InvalidInput."""
    _kept(actor, unit_id)
    values = _checked(said)
    with tenant_atomic():
        there = list(DeliveryAddress.objects.select_for_update().filter(unit_id=unit_id))
        if len(there) >= ADDRESSES_MAX:
            raise AddressBookFull(most=ADDRESSES_MAX)
        values["is_default"] = bool(values["is_default"]) or not there
        row = DeliveryAddress(unit_id=unit_id, version=0)
        _write(actor, row, values, "supermarket.address_added", now)
    return row


def change_address(
    *, actor: Actor, address_id: int, now: datetime, version: int | None = None, **said: object
) -> DeliveryAddress:
    """The entry as it is from now on; orders there are keep what they said. Raises AddressChanged, as `add_address`."""
    unit_id = address_for(actor=actor, address_id=address_id).unit_id
    values = _checked(said)
    with tenant_atomic():
        rows = {row.pk: row for row in DeliveryAddress.objects.select_for_update().filter(unit_id=unit_id)}
        row = _unchanged(rows.get(address_id), version, address_id)
        # A book has a default: it goes over to another entry, it does not go away.
        values["is_default"] = bool(values["is_default"]) or row.is_default
        _write(actor, row, values, "supermarket.address_changed", now)
    return row


def remove_address(*, actor: Actor, address_id: int, now: datetime, version: int | None = None) -> None:
    """Takes the entry out of the book."""
    unit_id = address_for(actor=actor, address_id=address_id).unit_id
    with tenant_atomic():
        row = DeliveryAddress.objects.select_for_update().filter(pk=address_id).first()
        row = _unchanged(row, version, address_id)
        facts = {"unit_id": unit_id, "is_default": row.is_default, "version": row.version}
        row.delete()
        _tell(actor, address_id, "supermarket.address_removed", facts, now)


def _write(actor: Actor, row: DeliveryAddress, values: Mapping[str, object], event: str, now: datetime) -> None:
    if values["is_default"]:
        others = DeliveryAddress.objects.filter(unit_id=row.unit_id, is_default=True).exclude(pk=row.pk)
        others.update(is_default=False)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by_name, row.version = now, actor.name, row.version + 1
    try:
        with tenant_atomic():
            row.save()
    except IntegrityError as error:
        if "address_label_once" not in str(error):
            raise
        raise InvalidInput(errors={"label": [gettext("The unit has an address of this name.")]}) from error
    facts = {"unit_id": row.unit_id, "is_default": row.is_default, "version": row.version}
    _tell(actor, row.pk, event, facts, now)


def _tell(actor: Actor, address_id: int, event: str, facts: dict[str, Any], now: datetime) -> None:
    record(actor=actor, event=event, object_type="address", object_id=address_id, facts=facts, now=now)


def _unchanged(row: DeliveryAddress | None, version: int | None, address_id: int) -> DeliveryAddress:
    if row is None:
        raise NotFound(address_id=address_id)
    if version is not None and version != row.version:
        raise AddressChanged(seen=version, now=row.version)
    return row


def _checked(said: Mapping[str, object]) -> dict[str, object]:
    """The division is one the mall serves; the mall's own is kept as nothing."""
    area = checked_area(area=str(said.get("area_code") or ""), served=served_areas())
    return {**said, "area_code": "" if area == own_area() else area}


def _kept(actor: Actor, unit_id: int) -> None:
    if unit_id not in kept_units(actor=actor):
        raise NotFound(unit_id=unit_id)
