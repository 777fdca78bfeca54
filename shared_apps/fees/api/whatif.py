"""Comparisons of tariffs for programs: the same selector as the page."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.fees import selectors
from shared_apps.fees.rules.comparing import Change
from shared_apps.fees.selectors import READERS
from shared_apps.fees.serializers import ApiCompareQuery, ComparisonSerializer


def _named(one: Change, **facts: object) -> dict[str, object]:
    return {"before": one.before, "after": one.after, "change": one.change, **facts}


@documented(summary="What was used in a period, priced under two versions of the tariff", problems=(404,))
class CompareView(ReadView):
    access = Access("fees.api_compare_tariffs", posts=READERS)
    query_serializer = ApiCompareQuery
    output_serializer = ComparisonSerializer

    def read(self, request: Request, **path: Any) -> dict[str, Any]:
        answer = selectors.what_if(actor=actor_of(request), now=utc_now(), **self.query(request))
        found = answer.found
        return {
            "old": answer.old.version if answer.old else None,
            "new": answer.new.version,
            "period": answer.period,
            "total": _named(found.total),
            "months": [_named(one, month=month) for month, one in found.by_month.items()],
            "levels": [_named(one, level=level) for level, one in found.by_level.items()],
            "meters": [_named(one, meter=meter) for meter, one in found.by_meter.items()],
            "malls": [
                _named(
                    mall,
                    code=mall.code,
                    name=mall.name,
                    level=mall.level,
                    months=[_named(one, month=month) for month, one in mall.by_month.items()],
                )
                for mall in found.malls
            ],
            "unused": found.unused,
        }
