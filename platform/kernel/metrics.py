"""What the product counts of itself, for Prometheus. Lower layers count here; `config.metrics` shows it.

Several processes serve at once: with PROMETHEUS_MULTIPROC_DIR set (bin/up does) each keeps its figures in files of that
folder, by memory map, and whoever is asked adds all of them up. That costs no round trip, unlike counters in Valkey,
and survives the process that counted.

The number of series is bounded whatever is asked: routes are those of the URL confs, tenants those of the registry, and
where two of them are crossed, pairs beyond a limit are counted under "other".
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Generic, TypeVar, cast

_folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if _folder:
    Path(_folder).mkdir(mode=0o700, parents=True, exist_ok=True)

from prometheus_client import Counter, Gauge, Histogram  # noqa: E402  # it looks for the folder at once

OTHER = "other"
REGION = "region"
# Of pairs of tenant and route in one process; 113 tenants on a hundred routes fit.
PAIRS_MAX = 20_000

_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COARSE = (0.05, 0.25, 1.0, 5.0)
_LONG = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0)

Metric = TypeVar("Metric", Counter, Histogram)


class Bounded(Generic[Metric]):
    """A labelled metric with at most `limit` series in this process; what is beyond is counted under `fallback`.

    Children are kept, so that counting costs a look into a dictionary.
    """

    def __init__(self, metric: Metric, *, limit: int, fold: int) -> None:
        """`fold` is the number of leading labels that become "other" when there is no more room."""
        self.metric: Metric = metric
        self.limit = limit
        self.fold = fold
        self._children: dict[tuple[str, ...], Metric] = {}
        self._lock = threading.Lock()

    def of(self, *labels: str) -> Metric:
        child = self._children.get(labels)
        if child is not None:
            return child
        with self._lock:
            if len(self._children) >= self.limit:
                labels = (OTHER,) * self.fold + labels[self.fold :]
            kept = self._children.get(labels)
            if kept is None:
                kept = self._children[labels] = cast("Metric", self.metric.labels(*labels))
            return kept


REQUESTS = Bounded(
    Counter(
        "yz_requests",
        "Requests answered, by mall (or region), route and class of status.",
        ["tenant", "route", "status"],
    ),
    limit=PAIRS_MAX,
    fold=2,
)
ROUTE_SECONDS = Bounded(
    Histogram("yz_route_seconds", "Time to the answer, by host and route.", ["room", "route"], buckets=_FAST),
    limit=2000,
    fold=2,
)
TENANT_SECONDS = Bounded(
    Histogram("yz_tenant_seconds", "Time to the answer, by mall (or region).", ["tenant"], buckets=_COARSE),
    limit=5000,
    fold=1,
)
REFUSALS = Bounded(
    Counter("yz_refusals", "Refusals told as problems, by mall (or region) and code.", ["tenant", "code"]),
    limit=PAIRS_MAX,
    fold=1,
)
KEPT_CONNECTIONS = Gauge(
    "yz_kept_connections",
    "Database connections that the processes hold open now, by room.",
    ["room"],
    multiprocess_mode="livesum",
)
TASKS = Bounded(
    Counter("yz_tasks", "Background tasks ended, by name and outcome.", ["task", "outcome"]), limit=1000, fold=1
)
TASK_SECONDS = Bounded(
    Histogram("yz_task_seconds", "Time a background task took.", ["task"], buckets=_LONG), limit=500, fold=1
)
PROVISIONING_SECONDS = Bounded(
    Histogram(
        "yz_provisioning_seconds", "Time to make, make anew, restore or remove a mall.", ["action"], buckets=_LONG
    ),
    limit=20,
    fold=1,
)
RELAYED = Bounded(
    Counter("yz_relayed_rows", "Journal rows handed to the region's consumers, by room.", ["room"]), limit=5000, fold=1
)
