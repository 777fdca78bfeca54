"""Setting the attributes of a shop category, a version at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.classification.attribute_rules import ATTRIBUTES_MAX, AttributeView, wrong_definitions
from shared_apps.classification.models import AttributeVersion, CatalogueCategory, CategoryAttribute
from shared_apps.classification.permissions import ADMINISTRATORS
from shared_apps.classification.selectors import forget
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic


class AttributesChanged(Conflict):
    """Somebody set them after they were read."""

    code = "attributes-changed"
    title = _("The attributes were changed after you opened them")


class AttributeTypeKept(Conflict):
    """Values there are were written for the type; another type is another attribute."""

    code = "attribute-type-kept"
    title = _("The type of an attribute cannot change; retire it and add another one")


def set_attributes(
    *,
    actor: Actor,
    category_code: str,
    attributes: Sequence[AttributeView],
    version: int,
    reason: str,
    now: datetime,
) -> AttributeVersion:
    """The category's attributes from now on, in this order; those left out are retired. One journal row.

    `version` is the number that was read, 0 for the shipped ones. Products there are keep their values and are judged
    by the new attributes when they are next changed. Raises InvalidInput, NotFound, AttributesChanged,
    AttributeTypeKept, NotPermitted.
    """
    if not (actor.is_system or actor.posts & ADMINISTRATORS):
        raise NotPermitted(action="set_attributes")
    errors = wrong_definitions(attributes)
    if len(attributes) > ATTRIBUTES_MAX:
        errors["attributes"] = [str(_("A category has at most 40 attributes."))]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("classification", "attributes", category_code))
        category = CatalogueCategory.objects.filter(code=category_code).first()
        if category is None:
            raise NotFound(category=category_code)
        present = present_version(category_code=category_code)
        if present != version:
            raise AttributesChanged(read=version, present=present)
        _keep_types(category_code, attributes)
        row = AttributeVersion.objects.create(
            category=category,
            number=present + 1,
            definitions=[_as_json(one) for one in attributes],
            reason=reason,
            by_name=actor.name,
            set_at=now,
        )
        _replace(category, attributes, now)
        record(
            actor=actor,
            event="classification.attributes_set",
            object_type="category",
            object_id=category_code,
            facts={"version": row.number, "attributes": [one.key for one in attributes], "reason": reason},
            now=now,
        )
    forget()
    return row


def present_version(*, category_code: str) -> int:
    """The number of the last version, 0 where the shipped attributes hold."""
    rows = AttributeVersion.objects.filter(category_id=category_code)
    return rows.aggregate(last=Max("number"))["last"] or 0


def _as_json(one: AttributeView) -> dict[str, object]:
    values = asdict(one)
    for bound in ("min_value", "max_value"):
        values[bound] = None if values[bound] is None else str(values[bound])
    return {**values, "choices": list(one.choices)}


def _keep_types(category_code: str, attributes: Sequence[AttributeView]) -> None:
    types = dict(CategoryAttribute.objects.filter(category_id=category_code).values_list("key", "type"))
    for one in attributes:
        if types.get(one.key, one.type) != one.type:
            raise AttributeTypeKept(key=one.key, type=types[one.key])


def _replace(category: CatalogueCategory, attributes: Sequence[AttributeView], now: datetime) -> None:
    rows = [
        CategoryAttribute(
            category=category,
            key=one.key,
            name=one.name,
            type=one.type,
            unit=one.unit,
            is_facet=one.is_facet,
            is_required=one.is_required,
            choices=list(one.choices),
            min_value=one.min_value,
            max_value=one.max_value,
            sort_order=10 * place,
        )
        for place, one in enumerate(attributes, start=1)
    ]
    CategoryAttribute.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["category", "key"],
        update_fields=[
            "name", "unit", "is_facet", "is_required", "choices", "min_value", "max_value", "sort_order", "retired_at",
        ],
    )  # fmt: skip
    gone = CategoryAttribute.objects.filter(category=category, retired_at__isnull=True)
    gone.exclude(key__in=[one.key for one in attributes]).update(retired_at=now)
