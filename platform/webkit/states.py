"""Words and colours of lifecycle states, so that a state looks the same on every page.

states.register("orders", {"draft": (_("Draft"), "secondary"), "placed": (_("Placed"), "info")})
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from kernel.registry import Registry

COLOURS = frozenset({"primary", "secondary", "info", "success", "warning", "danger"})


@dataclass(frozen=True)
class StateLabel:
    label: str | Promise
    colour: str


LIFECYCLES: Registry[dict[str, StateLabel]] = Registry("state labels")


def register(lifecycle: str, labels: Mapping[str, tuple[str | Promise, str]]) -> None:
    """Give every state of a lifecycle its label and colour. Raises on a second registration."""
    unknown = {colour for _, colour in labels.values()} - COLOURS
    if unknown:
        raise ValueError(f"unknown colours for {lifecycle!r}: {sorted(unknown)}")
    LIFECYCLES.register(lifecycle, {str(state): StateLabel(*label) for state, label in labels.items()})


def label_of(lifecycle: str, state: str) -> StateLabel:
    """The label of one state. Raises KeyError naming both when it was never registered."""
    labels = LIFECYCLES[lifecycle]
    if str(state) not in labels:
        raise KeyError(f"no label for state {state!r} of lifecycle {lifecycle!r}")
    return labels[str(state)]
