"""One selector call each: the fleet is read by programs and changed by people."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.fleet import selectors
from shared_apps.fleet.permissions import READERS, SUPERVISORS
from shared_apps.fleet.serializers import FleetFilter, FleetMallOutput, SupervisedFilter, SupervisedOutput


@documented(summary="Malls of the region with state, version, size, last activity and fee; practice malls last")
class Malls(ReadView):
    access = Access("fleet.api_malls", posts=READERS)
    output_serializer = FleetMallOutput
    query_serializer = FleetFilter
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        found = selectors.fleet(actor=actor_of(request), with_hosts=True, now=utc_now(), **self.query(request))
        return [*found.rows, *found.practice]


@documented(summary="One mall of the region")
class Mall(ReadView):
    access = Access("fleet.api_mall", posts=READERS)
    output_serializer = FleetMallOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.mall(actor=actor_of(request), code=path["code"], now=utc_now())


@documented(summary="Progress of the finance levels that one's own supervises")
class Supervised(ReadView):
    access = Access("fleet.api_supervised", posts=SUPERVISORS)
    output_serializer = SupervisedOutput
    query_serializer = SupervisedFilter
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.supervised(actor=actor_of(request), **self.query(request))
