"""One selector call each: the fleet is read by programs and changed by people."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.clock import utc_now
from kernel.keysets import page_after
from shared_apps.fleet import selectors
from shared_apps.fleet.permissions import READERS, SUPERVISORS
from shared_apps.fleet.selectors import MallRow, SupervisedRow
from shared_apps.fleet.serializers import (
    API_ROWS,
    FleetCursor,
    FleetMallOutput,
    FleetPageOutput,
    SupervisedCursor,
    SupervisedPageOutput,
)


def _code(row: MallRow | SupervisedRow) -> str:
    return row.code


@documented(
    summary="Malls of the region with state, version, size, last activity and fee; practice malls last",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Malls(ReadView):
    access = Access("fleet.api_malls", posts=READERS)
    output_serializer = FleetPageOutput
    query_serializer = FleetCursor

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        after = wanted.pop("after")
        found = selectors.fleet(actor=actor_of(request), with_hosts=True, now=utc_now(), **wanted)
        malls, following = page_after([*found.rows, *found.practice], after=after, size=API_ROWS, key=_code)
        return {"malls": malls, "next_after": following}


@documented(summary="One mall of the region")
class Mall(ReadView):
    access = Access("fleet.api_mall", posts=READERS)
    output_serializer = FleetMallOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.mall(actor=actor_of(request), code=path["code"], now=utc_now())


@documented(
    summary="Progress of the finance levels that one's own supervises",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Supervised(ReadView):
    access = Access("fleet.api_supervised", posts=SUPERVISORS)
    output_serializer = SupervisedPageOutput
    query_serializer = SupervisedCursor

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        after = wanted.pop("after")
        found = selectors.supervised(actor=actor_of(request), **wanted)
        levels, following = page_after(found, after=after, size=API_ROWS, key=_code)
        return {"levels": levels, "next_after": following}
