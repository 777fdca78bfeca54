"""What the portal shows: the malls by prefecture, and those a person may enter."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from kernel.actor import Actor
from kernel.keysets import page_after
from kernel.posts import Post
from tenants.divisions.models import Level
from tenants.divisions.selectors import places, supervised_codes
from tenants.registry.practice import home_of
from tenants.registry.rules import TenantState
from tenants.registry.selectors import TenantName, primary_hosts, tenant_names

_LISTED = frozenset({TenantState.CONFIGURING, TenantState.LIVE, TenantState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Mall:
    """One mall in the list."""

    code: str
    name: str
    level: str
    state: str
    is_demo: bool
    url: str

    @property
    def is_live(self) -> bool:
        return self.state == TenantState.LIVE


@dataclass(frozen=True, slots=True)
class Prefecture:
    """A group of the list: the prefecture's own mall first, then its counties."""

    code: str
    name: str
    malls: tuple[Mall, ...]

    @property
    def live_count(self) -> int:
        return sum(mall.is_live for mall in self.malls)


@dataclass(frozen=True, slots=True)
class MallList:
    """Malls by prefecture. `total` and `live` count all of them, whatever is searched for, `found` all that fit.

    `next_after` is the last mall's code when there are more.
    """

    groups: tuple[Prefecture, ...]
    total: int
    live: int
    found: int
    next_after: str | None = None

    def page(self, *, after: str, size: int) -> MallList:
        """The next `size` malls behind the one of the code `after`, in their groups. Raises InvalidInput."""
        everything = [mall for group in self.groups for mall in group.malls]
        page, following = page_after(everything, after=after, size=size, key=lambda mall: mall.code)
        kept = {mall.code for mall in page}
        groups = [replace(one, malls=tuple(mall for mall in one.malls if mall.code in kept)) for one in self.groups]
        return replace(self, groups=tuple(one for one in groups if one.malls), next_after=following)


def _mall(tenant: TenantName, hosts: dict[str, str]) -> Mall:
    host = hosts.get(tenant.code, "")
    return Mall(
        tenant.code,
        tenant.name,
        tenant.level,
        tenant.state,
        tenant.is_demo,
        settings.YZ_TENANT_URL.format(host=host) + "/" if host else "",
    )


def malls(*, text: str = "") -> MallList:
    """The malls of all finance levels; `text` narrows them by a part of a name or the beginning of a code.

    Three statements. A prefecture that fits by its own name brings all its malls.
    """
    tenants = [name for name in tenant_names().values() if not name.is_practice and name.state in _LISTED]
    where, hosts = places(), primary_hosts()
    groups: dict[str, list[Mall]] = {}
    for tenant in tenants:
        place = where.get(tenant.division_code)
        group = place.prefecture_code if place else tenant.division_code
        groups.setdefault(group, []).append(_mall(tenant, hosts))
    found = []
    for code in sorted(groups):
        place = where.get(code)
        name = place.name if place else code
        whole = place is not None and place.level != Level.PROVINCE and text in name
        kept = [mall for mall in groups[code] if not text or whole or text in mall.name or mall.code.startswith(text)]
        if kept:
            # Its own level first, then the counties by code.
            found.append(Prefecture(code, name, tuple(sorted(kept, key=lambda mall: (mall.code != code, mall.code)))))
    return MallList(
        tuple(found),
        len(tenants),
        sum(tenant.state == TenantState.LIVE for tenant in tenants),
        sum(len(group.malls) for group in found),
    )


@dataclass(frozen=True, slots=True)
class MyMall:
    """A mall a person may enter, and why."""

    code: str
    name: str
    state: str
    is_demo: bool
    why: str


def my_malls(*, actor: Actor) -> tuple[MyMall, ...]:
    """Malls of the actor's own organisations, practice malls among them; for parties of the whole region every live
    one. One statement.

    A bureau also finds those it supervises (one statement more for each), whom it enters to look, not to act.
    """
    own = {place.tenant_code for place in actor.belongs if place.tenant_code}
    wide = any(place.tenant_code is None for place in actor.belongs)
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    supervised: set[str] = set()
    for place in actor.belongs:
        if place.tenant_code and place.organisation_id in bureaus:
            supervised |= supervised_codes(supervisor_code=place.tenant_code)
    found = []
    for code, tenant in tenant_names().items():
        if tenant.state not in _LISTED:
            continue
        if code in own:
            why = "own"
        elif tenant.is_practice and home_of(code) in own:
            why = "practice"
        elif wide and tenant.state == TenantState.LIVE and not tenant.is_practice:
            why = "region"
        elif code in supervised:
            why = "supervised"
        else:
            continue
        found.append(MyMall(code, tenant.name, tenant.state, tenant.is_demo, why))
    order = {"own": 0, "practice": 1, "region": 2, "supervised": 3}
    return tuple(sorted(found, key=lambda mall: (order[mall.why], mall.code)))
