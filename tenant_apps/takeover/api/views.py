"""One call each of the selectors and services of the takeover. A package itself is sent on the page: it is a file."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.takeover import selectors, services
from tenant_apps.takeover.rules import CONFIRMERS, READERS, SENDERS
from tenant_apps.takeover.serializers import (
    CodeMappingOutput,
    CodesQuery,
    MapCodeInput,
    NoInput,
    PackageOutput,
    ReasonInput,
    WholePackageOutput,
)


@documented(summary="Packages of open orders, newest first")
class Packages(ReadView):
    access = Access("takeover.api_packages", posts=READERS)
    output_serializer = PackageOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.packages(actor=actor_of(request))


@documented(summary="One package: wrong cells, codes that are not mapped, and its sums", problems=(404,))
class Package(ReadView):
    access = Access("takeover.api_package", posts=READERS)
    output_serializer = WholePackageOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.package_for(actor=actor_of(request), takeover_id=path["takeover_id"])


class _Step(WriteView):
    input_serializer = NoInput
    output_serializer = PackageOutput


@documented(summary="Have a package checked again, with the codes mapped since", problems=(404, 409))
class JudgeAgain(_Step):
    access = Access("takeover.api_judge_again", posts=SENDERS)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.judge_again(actor=actor_of(request), takeover_id=path["takeover_id"], now=utc_now())


@documented(summary="Put a package before a second person", problems=(404, 409))
class Propose(_Step):
    access = Access("takeover.api_propose", posts=SENDERS)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.propose(actor=actor_of(request), takeover_id=path["takeover_id"], now=utc_now())


@documented(summary="Send a proposed package back, with a reason", problems=(404, 409))
class SendBack(WriteView):
    access = Access("takeover.api_send_back", posts=SENDERS)
    input_serializer = ReasonInput
    output_serializer = PackageOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.send_back(actor=actor_of(request), takeover_id=path["takeover_id"], now=utc_now(), **data)


@documented(summary="Have a proposed package taken over: not by the person who proposed it", problems=(404, 409))
class Confirm(_Step):
    access = Access("takeover.api_confirm", posts=CONFIRMERS)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.confirm(actor=actor_of(request), takeover_id=path["takeover_id"], now=utc_now())


@documented(summary="Break off a package that nobody has confirmed", problems=(404, 409))
class Cancel(_Step):
    access = Access("takeover.api_cancel", posts=SENDERS)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.cancel(actor=actor_of(request), takeover_id=path["takeover_id"], now=utc_now())


@documented(summary="Codes of the old mall and what they are here")
class Codes(ReadView):
    access = Access("takeover.api_codes", posts=READERS)
    output_serializer = CodeMappingOutput
    query_serializer = CodesQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.codes(actor=actor_of(request), **self.query(request)).codes


@documented(summary="Say what a code of the old mall is here; kept for the next package")
class MapCode(WriteView):
    access = Access("takeover.api_map_code", posts=SENDERS)
    input_serializer = MapCodeInput
    output_serializer = CodeMappingOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.map_code(actor=actor_of(request), now=utc_now(), **data)
