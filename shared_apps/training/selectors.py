"""Reading practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound, SignInRequired
from shared_apps.accounts.selectors import people_of_tenants
from shared_apps.training.models import Completion, PracticeMall
from shared_apps.training.rules import AT_WORK, FIRST_EXERCISE, TASKS, Exercise, MallState, MallStep, Task
from tenants.registry.practice import home_of, practice_code_of
from tenants.registry.selectors import primary_hosts, tenant_names

PEOPLE_SHOWN_MAX = 500


def practice_done(*, tenant_code: str) -> bool:
    """Whether anybody of this level has made a practice order. One statement; asked by the mall's own checklist."""
    return Completion.objects.filter(tenant_code=home_of(tenant_code), exercise=FIRST_EXERCISE).exists()


def bureau_tenants(*, actor: Actor) -> tuple[str, ...]:
    """Tenants in whose finance bureau the actor supervises."""
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    return tuple(
        sorted({place.tenant_code for place in actor.belongs if place.tenant_code and place.organisation_id in bureaus})
    )


@dataclass(frozen=True, slots=True)
class MallView:
    """A bureau's practice mall as it is now; without a row in the table it was never opened."""

    tenant_code: str
    tenant_name: str
    code: str
    state: MallState
    step: MallStep
    error: str
    asked_by_name: str
    asked_at: datetime | None
    ready_at: datetime | None
    times_made: int

    @property
    def at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_ready(self) -> bool:
        return self.state == MallState.READY


def bureau_malls(*, actor: Actor) -> tuple[MallView, ...]:
    """The practice malls the actor looks after; two statements."""
    return _views(bureau_tenants(actor=actor))


def bureau_mall(*, actor: Actor, tenant_code: str) -> MallView:
    """Raises NotFound for another bureau's."""
    if tenant_code not in bureau_tenants(actor=actor):
        raise NotFound(tenant=tenant_code)
    found = _views((tenant_code,))
    if not found:
        raise NotFound(tenant=tenant_code)
    return found[0]


def _views(codes: tuple[str, ...]) -> tuple[MallView, ...]:
    names = tenant_names(codes=codes)
    rows = {row.tenant_code: row for row in PracticeMall.objects.filter(tenant_code__in=codes)}
    found = []
    for code, tenant in names.items():
        row = rows.get(code)
        found.append(
            MallView(
                tenant_code=code,
                tenant_name=tenant.name,
                code=practice_code_of(code),
                state=MallState(row.state) if row else MallState.REMOVED,
                step=MallStep(row.step) if row else MallStep.DONE,
                error=row.error if row else "",
                asked_by_name=row.asked_by_name if row else "",
                asked_at=row.asked_at if row else None,
                ready_at=row.ready_at if row else None,
                times_made=row.times_made if row else 0,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """A member of the tenant's organisations and the exercises done so far."""

    tenant_code: str
    user_id: int
    name: str
    organisation: str
    done: dict[str, datetime]

    @property
    def count(self) -> int:
        return len(self.done)

    @property
    def cells(self) -> list[datetime | None]:
        """One for each exercise, in their order."""
        return [self.done.get(task.exercise) for task in TASKS]


def progress(*, actor: Actor, text: str = "") -> list[PersonProgress]:
    """Who has completed what, those who have not begun included, by organisation and name. Three statements.

    `text` narrows by a part of the person's or the organisation's name. Who has left stays while they completed
    something.
    """
    codes = bureau_tenants(actor=actor)
    if not codes:
        raise NotFound
    done: dict[tuple[str, int], dict[str, datetime]] = {}
    left: dict[tuple[str, int], str] = {}
    for row in Completion.objects.filter(tenant_code__in=codes):
        done.setdefault((row.tenant_code, row.user_id), {})[row.exercise] = row.completed_at
        left[row.tenant_code, row.user_id] = row.name
    found = []
    for person in people_of_tenants(codes=codes):
        key = (person.tenant_code, person.user_id)
        left.pop(key, None)
        found.append(
            PersonProgress(person.tenant_code, person.user_id, person.name, person.organisation, done.get(key, {}))
        )
    found += [PersonProgress(code, user, name, "", done[code, user]) for (code, user), name in left.items()]
    wanted = [one for one in found if not text or text in one.name or text in one.organisation]
    return sorted(wanted, key=lambda one: (one.organisation == "", one.organisation, one.name, one.user_id))


@dataclass(frozen=True, slots=True)
class MyExercise:
    task: Task
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyPractice:
    """One tenant's practice as a trainee sees it."""

    tenant_code: str
    tenant_name: str
    code: str
    is_ready: bool
    address: str
    exercises: tuple[MyExercise, ...]

    @property
    def done(self) -> int:
        return sum(1 for one in self.exercises if one.completed_at)


def my_practice(*, actor: Actor) -> tuple[MyPractice, ...]:
    """The exercises of the tenants whose organisations the actor belongs to; four statements."""
    if actor.user_id is None:
        raise SignInRequired
    codes = tuple(sorted({place.tenant_code for place in actor.belongs if place.tenant_code}))
    done = {
        (code, exercise): at
        for code, exercise, at in Completion.objects.filter(user_id=actor.user_id, tenant_code__in=codes).values_list(
            "tenant_code", "exercise", "completed_at"
        )
    }
    hosts = primary_hosts() if codes else {}
    return tuple(
        MyPractice(
            tenant_code=view.tenant_code,
            tenant_name=view.tenant_name,
            code=view.code,
            is_ready=view.is_ready and view.code in hosts,
            address=hosts.get(view.code, ""),
            exercises=tuple(MyExercise(task, done.get((view.tenant_code, task.exercise))) for task in TASKS),
        )
        for view in _views(codes)
    )


__all__ = [
    "Exercise", "MallView", "MyPractice", "PersonProgress", "bureau_mall", "bureau_malls", "bureau_tenants",
    "my_practice", "practice_done", "progress",
]  # fmt: skip
