"""Requirement sets: setting them by version, and which products of the category match, by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connections
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.classification.selectors import attributes_of, category
from shared_apps.products.models import Profile, ProfileCriterion
from shared_apps.products.permissions import PROFILE_WRITERS, require
from shared_apps.products.rules.profiles import Criterion, ProfileState, criteria_of, in_words
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic

PRODUCTS_MAX = 200


class ProfileChanged(Conflict):
    code = "profile-changed"
    title = _("The requirements were changed after you opened them")


class ProfileExists(Conflict):
    code = "profile-exists"
    title = _("The category has requirements of this title already")


@dataclass(frozen=True, slots=True)
class Judged:
    """A product held against the criteria; `failed` are mandatory ones it does not meet, `lacking` the others."""

    code: str
    title: str
    brand: str
    offers: int
    failed: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def matches(self) -> bool:
        return not self.failed


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A requirement set with its criteria in words, and the products of the category held against it."""

    id: int
    title: str
    note: str
    state: str
    version: int
    category_code: str
    category_name: str
    set_by_name: str
    set_at: datetime
    criteria: tuple[tuple[Criterion, str], ...]
    matching: tuple[Judged, ...]
    others: tuple[Judged, ...]
    matching_count: int
    others_count: int


def set_profile(
    *, actor: Actor, category_code: str, title: str, criteria: Sequence[Mapping[str, object]], now: datetime,
    note: str = "", profile_id: int | None = None, version: int = 0,
) -> Profile:  # fmt: skip
    """A new requirement set, or the next version of the one that was read. One journal row.

    Raises InvalidInput by criterion, NotFound, ProfileChanged, ProfileExists, NotPermitted.
    """
    require(actor, PROFILE_WRITERS, "set_profile")
    if category(code=category_code) is None:
        raise InvalidInput(errors={"category_code": [gettext("This category is not known.")]})
    found, errors = criteria_of(criteria, attributes_of(category_code=category_code))
    if not criteria:
        errors["criteria"] = [gettext("Give at least one requirement.")]
    if errors:
        raise InvalidInput(errors=errors)
    try:
        with region_atomic():
            row = _row(profile_id, category_code, version)
            row.title, row.note, row.set_by_name, row.set_at = title, note, actor.name, now
            row.save()
            ProfileCriterion.objects.bulk_create(
                ProfileCriterion(
                    profile=row, version=row.version, place=place, key=one.key, operator=one.operator,
                    number=one.number, words=list(one.words), unit=one.unit, is_mandatory=one.is_mandatory,
                )
                for place, one in enumerate(found, start=1)
            )  # fmt: skip
            _record(actor, "products.profile_set", row, len(found), now)
    except IntegrityError as error:
        if "profile_title_once" in str(error):
            raise ProfileExists(title=title) from error
        raise
    return row


def close_profile(*, actor: Actor, profile_id: int, version: int, now: datetime) -> Profile:
    """No longer used; it stays readable. Raises NotFound for one that is closed, ProfileChanged."""
    require(actor, PROFILE_WRITERS, "close_profile")
    with region_atomic():
        row = _open(profile_id, version)
        row.state, row.set_by_name, row.set_at = ProfileState.CLOSED, actor.name, now
        row.save()
        _record(actor, "products.profile_closed", row, 0, now)
    return row


def _row(profile_id: int | None, category_code: str, version: int) -> Profile:
    if profile_id is None:
        return Profile(category_id=category_code, state=ProfileState.ACTIVE, version=1)
    row = _open(profile_id, version)
    if row.category_id != category_code:
        raise InvalidInput(errors={"category_code": [gettext("Requirements keep their category.")]})
    row.version += 1
    return row


def _open(profile_id: int, version: int) -> Profile:
    row = Profile.objects.select_for_update().filter(pk=profile_id, state=ProfileState.ACTIVE).first()
    if row is None:
        raise NotFound(profile_id=profile_id)
    if row.version != version:
        raise ProfileChanged(read=version, present=row.version)
    return row


def _record(actor: Actor, event: str, row: Profile, criteria: int, now: datetime) -> None:
    facts = {"title": row.title, "category": row.category_id, "version": row.version, "criteria": criteria}
    record(actor=actor, event=event, object_type="profile", object_id=row.pk, facts=facts, now=now)


# -- reading ----------------------------------------------------------------------------------------------------------
def profiles(*, category_code: str = "") -> tuple[Profile, ...]:
    """Requirement sets, those in use first."""
    rows = Profile.objects.select_related("category").order_by("state", "category__sort_order", "title")
    return tuple(rows.filter(category_id=category_code) if category_code else rows)


# Every product of the category against every criterion of the version, in one statement: a value that is missing or of
# another kind does not meet it.
_MATCH = """
WITH wanted AS (
  SELECT place, key, operator, number, words, is_mandatory FROM products_profilecriterion
   WHERE profile_id = %(profile)s AND version = %(version)s
), judged AS (
  SELECT p.id, w.place, w.is_mandatory, coalesce(CASE
           WHEN w.operator IN ('at_least', 'at_most', 'equals') THEN
             CASE WHEN jsonb_typeof(p.attributes -> w.key) = 'number' THEN CASE w.operator
               WHEN 'at_least' THEN (p.attributes ->> w.key)::numeric >= w.number
               WHEN 'at_most' THEN (p.attributes ->> w.key)::numeric <= w.number
               ELSE (p.attributes ->> w.key)::numeric = w.number END END
           WHEN w.operator = 'one_of' THEN w.words @> jsonb_build_array(p.attributes -> w.key)
           WHEN w.operator = 'is_yes' THEN p.attributes -> w.key = 'true'::jsonb
           ELSE p.attributes -> w.key = 'false'::jsonb END, false) AS met
    FROM products_product p CROSS JOIN wanted w
   WHERE p.category_id = %(category)s AND p.state = 'listed'
), summed AS (
  SELECT id, coalesce(array_agg(place ORDER BY place) FILTER (WHERE NOT met AND is_mandatory), '{}') AS failed,
         coalesce(array_agg(place ORDER BY place) FILTER (WHERE NOT met AND NOT is_mandatory), '{}') AS lacking
    FROM judged GROUP BY id
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY failed = '{}'
                               ORDER BY cardinality(failed), cardinality(lacking), id) AS rank,
         count(*) OVER (PARTITION BY failed = '{}') AS total
    FROM summed
)
SELECT p.code, p.title, p.brand, r.failed, r.lacking, r.total,
       (SELECT count(*) FROM products_offer o WHERE o.product_id = p.id AND o.state = 'listed')
  FROM ranked r JOIN products_product p ON p.id = r.id
 WHERE r.rank <= %(most)s ORDER BY r.failed = '{}' DESC, r.rank
"""


def profile_view(*, profile_id: int) -> ProfileView:
    """The set that holds now, and the category's products against it. Three statements. Raises NotFound."""
    row = Profile.objects.select_related("category").filter(pk=profile_id).first()
    if row is None:
        raise NotFound(profile_id=profile_id)
    names = {one.key: one.name for one in attributes_of(category_code=row.category_id)}
    criteria: dict[int, tuple[Criterion, str]] = {}
    for one in ProfileCriterion.objects.filter(profile=row, version=row.version).order_by("place"):
        said = Criterion(one.key, one.operator, one.number, tuple(one.words), one.unit, one.is_mandatory)
        criteria[one.place] = (said, in_words(said, names.get(one.key, one.key)))
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(
            _MATCH,
            {"profile": row.pk, "version": row.version, "category": row.category_id, "most": PRODUCTS_MAX},
        )
        found = cursor.fetchall()
    judged = [_judged(values, criteria) for values in found]
    matching = tuple(one for one, _total in judged if one.matches)
    others = tuple(one for one, _total in judged if not one.matches)
    return ProfileView(
        id=row.pk,
        title=row.title,
        note=row.note,
        state=row.state,
        version=row.version,
        category_code=row.category_id,
        category_name=row.category.name,
        set_by_name=row.set_by_name,
        set_at=row.set_at,
        criteria=tuple(criteria.values()),
        matching=matching,
        others=others,
        matching_count=next((total for one, total in judged if one.matches), 0),
        others_count=next((total for one, total in judged if not one.matches), 0),
    )


def _judged(values: tuple[Any, ...], criteria: Mapping[int, tuple[Criterion, str]]) -> tuple[Judged, int]:
    code, title, brand, failed, lacking, total, offers = values
    words = {place: text for place, (_one, text) in criteria.items()}
    return (
        Judged(code, title, brand, offers, tuple(words[one] for one in failed), tuple(words[one] for one in lacking)),
        total,
    )
