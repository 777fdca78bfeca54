"""One call each of the selectors and services of practice."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.training import selectors
from shared_apps.training.permissions import BUREAU
from shared_apps.training.serializers import MallOutput, MyPracticeOutput, PeopleQuery, PersonOutput
from shared_apps.training.services import malls


@documented(summary="Practice malls of the caller's bureaus")
class Malls(ReadView):
    access = Access("training.api_malls", posts=BUREAU)
    output_serializer = MallOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.bureau_malls(actor=actor_of(request))


class _Ask(WriteView):
    output_serializer = MallOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return type(self).ask(actor=actor_of(request), tenant_code=path["tenant_code"], now=utc_now())  # type: ignore[attr-defined]


@documented(summary="Open a practice mall: a worker sets it up in seconds", problems=(404,))
class Open(_Ask):
    access = Access("training.api_open", posts=BUREAU)
    ask = staticmethod(malls.open_mall)


@documented(summary="Throw everything in the practice mall away and seed it again", problems=(404,))
class Remake(_Ask):
    access = Access("training.api_remake", posts=BUREAU)
    ask = staticmethod(malls.remake_mall)


@documented(summary="Throw the practice mall away whole", problems=(404,))
class Remove(_Ask):
    access = Access("training.api_remove", posts=BUREAU)
    ask = staticmethod(malls.remove_mall)


@documented(summary="Who of the level has completed which exercise", problems=(404,))
class People(ReadView):
    access = Access("training.api_people", posts=BUREAU)
    output_serializer = PersonOutput
    query_serializer = PeopleQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.progress(actor=actor_of(request), text=self.query(request)["q"])


@documented(summary="The caller's own exercises, by level")
class Mine(ReadView):
    access = Access("training.api_mine", signed_in=True)
    output_serializer = MyPracticeOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.my_practice(actor=actor_of(request))
