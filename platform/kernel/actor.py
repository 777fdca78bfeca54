"""Who acts: a value made once per request from session, memberships and posts, and given to every service."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kernel.posts import Post


@dataclass(frozen=True, slots=True)
class Belonging:
    """One organisation a person belongs to."""

    organisation_id: int
    organisation_name: str
    organisation_kind: str
    organisation_code: str
    tenant_code: str | None


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post held in an organisation; `unit_id` names the budget unit it is limited to, None when it is not.

    `deputy_for` is the person in whose stead it is held for a while, None in one's own right.
    """

    post: Post
    organisation_id: int
    unit_id: int | None = None
    deputy_for: int | None = None
    deputy_for_name: str = ""


@dataclass(frozen=True)
class Actor:
    """`tenant` is the tenant's code, or None on the region's host."""

    user_id: int | None
    name: str
    tenant: str | None = None
    belongs: tuple[Belonging, ...] = ()
    held: tuple[HeldPost, ...] = ()

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def is_system(self) -> bool:
        return self.user_id is None and self.name == SYSTEM.name

    @property
    def posts(self) -> frozenset[Post]:
        return frozenset(held.post for held in self.held)

    @property
    def acting_posts(self) -> frozenset[Post | None]:
        """What lifecycle tables ask for: the posts, and None for the system's own timers."""
        return self.posts | {None} if self.is_system else self.posts | frozenset()

    def has(self, post: Post, *, unit_id: int | None = None, organisation_id: int | None = None) -> bool:
        """Holds the post, in that unit and organisation where they are given.

        A post without a unit reaches every unit of its organisation, so callers that pass `unit_id` pass the
        unit's organisation too.
        """
        return any(
            held.post == post
            and (organisation_id is None or held.organisation_id == organisation_id)
            and (unit_id is None or held.unit_id == unit_id or (held.unit_id is None and organisation_id is not None))
            for held in self.held
        )

    def units(self, post: Post) -> frozenset[int]:
        """Budget units in which the post is held by name."""
        return frozenset(held.unit_id for held in self.held if held.post == post and held.unit_id is not None)

    def organisations(self, post: Post) -> frozenset[int]:
        return frozenset(held.organisation_id for held in self.held if held.post == post)

    # What Django REST framework and the request log ask of a user.
    @property
    def pk(self) -> int | None:
        return self.user_id

    @property
    def is_authenticated(self) -> bool:
        return self.signed_in

    @property
    def is_anonymous(self) -> bool:
        return not self.signed_in

    @property
    def is_active(self) -> bool:
        return self.signed_in


SYSTEM = Actor(user_id=None, name="system")
ANONYMOUS = Actor(user_id=None, name="")


def system_in(tenant: str) -> Actor:
    """The system acting inside one tenant: timers and sweeps."""
    return replace(SYSTEM, tenant=tenant)
