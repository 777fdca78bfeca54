"""Processes as data: states, and who may do what in which of them. Checked when the table is made, at import."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.posts import Post
from kernel.problems import WrongState
from kernel.working_days import Calendar

__all__ = ["Deadline", "Lifecycle", "LifecycleError", "Transition", "WrongState"]


class LifecycleError(ValueError):
    """The table itself is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a timed action is due, counted from the day the state was entered; `rule` names where it is written."""

    working_days: int | None = None
    calendar_days: int | None = None
    rule: str = ""

    def __post_init__(self) -> None:
        if (self.working_days is None) == (self.calendar_days is None):
            raise LifecycleError("a deadline counts either working days or calendar days")
        if (self.working_days or 0) < 0 or (self.calendar_days or 0) < 0:
            raise LifecycleError("a deadline lies ahead")

    def due_on(self, start: date, calendar: Calendar) -> date:
        """The last day of the period; the start day is not counted."""
        if self.working_days is not None:
            return calendar.add_working_days(start, self.working_days)
        return start + timedelta(days=self.calendar_days or 0)


@dataclass(frozen=True, slots=True)
class Transition:
    """One action: from any of `sources` to `target`, by any of `posts` (None among them: the system's timer).

    `guards` are names of the conditions the service checks beside the state; they are shown in the diagram.
    """

    action: str
    sources: Collection[str]
    target: str
    posts: Collection[Post | None]
    deadline: Deadline | None = None
    guards: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.sources, str) or isinstance(self.posts, str):
            raise LifecycleError(f"{self.action}: sources and posts are collections, not one text")
        object.__setattr__(self, "sources", tuple(self.sources))
        object.__setattr__(self, "posts", frozenset(self.posts))


class Lifecycle:
    """A table of transitions. `states` may be an Enum class of text states or a tuple of texts."""

    def __init__(
        self,
        name: str,
        states: Collection[str] | type[str],
        initial: str,
        terminal: Collection[str],
        transitions: Collection[Transition],
    ) -> None:
        self.name = name
        self.states: tuple[str, ...] = tuple(states)  # type: ignore[arg-type]  # an Enum class iterates its members
        self.initial = initial
        self.terminal = frozenset(terminal)
        self.transitions = tuple(transitions)
        self._moves = self._checked()

    def _checked(self) -> dict[tuple[str, str], Transition]:
        known = set(self.states)
        if len(known) != len(self.states):
            raise LifecycleError(f"{self.name}: a state is listed twice")
        moves: dict[tuple[str, str], Transition] = {}
        named = {self.initial, *self.terminal}
        for transition in self.transitions:
            if not transition.sources or not transition.posts:
                raise LifecycleError(f"{self.name}: {transition.action} has no source or nobody to do it")
            named |= {*transition.sources, transition.target}
            for source in transition.sources:
                if (source, transition.action) in moves:
                    raise LifecycleError(f"{self.name}: {transition.action} is declared twice in {source}")
                moves[source, transition.action] = transition
        self._check_states(known, named, moves)
        return moves

    def _check_states(self, known: set[str], named: set[str], moves: dict[tuple[str, str], Transition]) -> None:
        if named - known:
            raise LifecycleError(f"{self.name}: unknown states {_list(named - known)}")
        leaving = {source for source, _ in moves}
        if dead_ends := known - leaving - self.terminal:
            raise LifecycleError(f"{self.name}: undeclared dead ends {_list(dead_ends)}")
        if left := leaving & self.terminal:
            raise LifecycleError(f"{self.name}: terminal states with a way out {_list(left)}")
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            state = frontier.pop()
            for (source, _), transition in moves.items():
                if source == state and transition.target not in reached:
                    reached.add(transition.target)
                    frontier.append(transition.target)
        if known - reached:
            raise LifecycleError(f"{self.name}: unreachable states {_list(known - reached)}")

    @property
    def action_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(transition.action for transition in self.transitions))

    def next(self, state: str, action: str) -> Transition:
        """The move `action` makes in `state`. Raises WrongState; LookupError for a name not in the table."""
        if state not in self.states or action not in self.action_names:
            raise LookupError(f"{self.name} has no state {state!r} or no action {action!r}")
        transition = self._moves.get((state, action))
        if transition is None:
            possible = [name for name in self.action_names if (state, name) in self._moves]
            raise WrongState(lifecycle=self.name, state=str(state), action=str(action), possible=possible)
        return transition

    def actions(self, state: str, posts: Collection[Post | None]) -> tuple[Transition, ...]:
        """What holders of `posts` may do in `state`, in the table's order."""
        held = set(posts)
        return tuple(move for (source, _), move in self._moves.items() if source == state and held & set(move.posts))

    def product(self) -> Iterator[tuple[str, str, bool]]:
        """Every state with every action, and whether the table allows it: the test's input."""
        for state in self.states:
            for action in self.action_names:
                yield state, action, (state, action) in self._moves

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, for the README."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for (source, action), move in self._moves.items():
            lines.append(f"    {source} --> {move.target}: {action}{_note(move)}")
        lines += [f"    {state} --> [*]" for state in self.states if state in self.terminal]
        return "\n".join(lines) + "\n"


def _note(move: Transition) -> str:
    parts = list(move.guards)
    if move.deadline is not None:
        deadline = move.deadline
        days = (
            f"{deadline.working_days} working days"
            if deadline.working_days is not None
            else f"{deadline.calendar_days} days"
        )
        parts.append(f"after {days} {deadline.rule}".rstrip())
    return f" [{', '.join(parts)}]" if parts else ""


def _list(states: Collection[str]) -> str:
    return ", ".join(sorted(str(state) for state in states))
