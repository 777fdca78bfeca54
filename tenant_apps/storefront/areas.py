"""Where a mall has goods delivered: its own division, and those the bureau adds within its bounds."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.problems import Conflict, InvalidInput
from tenants.database.context import current_tenant
from tenants.divisions.selectors import Place, places

# Each area more is a condition more in every search.
AREAS_MAX = 20
_REGION = "province"


class AreaNotServed(Conflict):
    """The bureau has not chosen this division, or no longer does."""

    code = "area-not-served"
    title = _("This mall has nothing delivered to that division")


def own_area() -> str:
    """The division of the mall itself: the county's, the prefecture's or the region's own."""
    return current_tenant().code[:6]


def choosable_areas() -> dict[str, Place]:
    """The divisions a mall may add, by code. One statement.

    Those of its own prefecture, and for the region's own mall all of them: offers are priced by prefecture and county,
    and no rule of the region was found that says how far a mall may buy for. A mall whose own division is not in the
    region's table has none.
    """
    known, own = places(), own_area()
    place = known.get(own)
    if place is None:
        return {}
    wide = place.level == _REGION
    return {
        code: one
        for code, one in known.items()
        if code != own and (wide or one.prefecture_code == place.prefecture_code)
    }


def area_names(codes: tuple[str, ...]) -> dict[str, str]:
    """What the divisions are called, in that order; the mall's own by the mall's name. At most one statement."""
    known = places() if len(codes) > 1 else {}
    own = own_area()
    return {
        code: current_tenant().name if code == own else known[code].name if code in known else code for code in codes
    }


def checked_area(*, area: str, served: tuple[str, ...]) -> str:
    """The area, or the mall's own where none is named. Raises AreaNotServed."""
    if area and area not in served:
        raise AreaNotServed(area=area)
    return area or served[0]


def check_areas(areas: list[str]) -> None:
    """Raises InvalidInput for a division that this mall may not add, and for too many."""
    if len(areas) > AREAS_MAX:
        text = gettext("Choose at most %(most)s delivery areas.") % {"most": AREAS_MAX}
        raise InvalidInput(errors={"more_areas": [text]})
    if areas and (unknown := sorted(set(areas) - set(choosable_areas()))):
        text = gettext("This division cannot be chosen here.")
        raise InvalidInput(errors={"more_areas": [text]}, unknown=unknown)
