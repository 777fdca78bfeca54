"""Bans for programs: the same selectors and services as the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.sanctions import selectors, services
from shared_apps.sanctions.causes import CAUSES, citation
from shared_apps.sanctions.rules import KEEPERS
from shared_apps.sanctions.serializers import (
    AnnulSanctionInput,
    CauseSerializer,
    EnterSanctionInput,
    KeptListInput,
    LiftSanctionInput,
    PublicListInput,
    SanctionListSerializer,
    SanctionSerializer,
    SanctionWorkSerializer,
)
from shared_apps.sanctions.services import NewSanction


@documented(summary="The public list of bans, those in force first")
class Sanctions(ReadView):
    access = Access("sanctions.api_sanctions", public=True)
    query_serializer = PublicListInput
    output_serializer = SanctionListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return selectors.public_sanctions(text=given["q"], state=given["state"], kind=given["kind"], page=given["page"])


@documented(summary="One ban of the public list")
class OneSanction(ReadView):
    access = Access("sanctions.api_sanction", public=True)
    output_serializer = SanctionSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.public_sanction(sanction_id=path["sanction_id"])


@documented(summary="The situations of the law for which parties are banned")
class Causes(ReadView):
    access = Access("sanctions.api_causes", public=True)
    output_serializer = CauseSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return [
            {
                "code": cause.code,
                "party_kind": cause.party_kind,
                "citation": citation(cause),
                "words": cause.words,
                "ban_years_min": cause.ban_years[0],
                "ban_years_max": cause.ban_years[1],
            }
            for cause in CAUSES.values()
        ]


@documented(summary="Bans that the person's level keeps, drafts first")
class Kept(ReadView):
    access = Access("sanctions.api_kept", posts=KEEPERS)
    query_serializer = KeptListInput
    output_serializer = SanctionWorkSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return selectors.kept_sanctions(
            actor=actor_of(request), text=given["q"], state=given["state"], page=given["page"]
        )


@documented(summary="One ban that the person's level keeps")
class OneKept(ReadView):
    access = Access("sanctions.api_one", posts=KEEPERS)
    output_serializer = SanctionWorkSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.kept_sanction(actor=actor_of(request), sanction_id=path["sanction_id"])


class _Write(WriteView):
    output_serializer = SanctionWorkSerializer

    def shown(self, request: Request, sanction_id: int) -> Any:
        return selectors.kept_sanction(actor=actor_of(request), sanction_id=sanction_id)


@documented(
    summary="Enter a decision as its document states it",
    description="A draft. The document itself is attached on the page; without it the ban is not put in force.",
)
class Enter(_Write):
    access = Access("sanctions.api_enter", posts=KEEPERS)
    input_serializer = EnterSanctionInput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = services.enter_sanction(actor=actor_of(request), given=NewSanction(**data), now=utc_now())
        return self.shown(request, row.pk)


@documented(summary="Put an entered ban in force, as a second person", problems=(404,))
class PutInForce(_Write):
    access = Access("sanctions.api_put_in_force", posts=KEEPERS)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = services.put_in_force(actor=actor_of(request), sanction_id=path["sanction_id"], now=utc_now())
        return self.shown(request, row.pk)


@documented(summary="Lift a ban by a later decision", problems=(404,))
class Lift(_Write):
    access = Access("sanctions.api_lift", posts=KEEPERS)
    input_serializer = LiftSanctionInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = services.lift_sanction(actor=actor_of(request), sanction_id=path["sanction_id"], now=utc_now(), **data)
        return self.shown(request, row.pk)


@documented(summary="Annul a wrong entry", problems=(404,))
class Annul(_Write):
    access = Access("sanctions.api_annul", posts=KEEPERS)
    input_serializer = AnnulSanctionInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row = services.annul_sanction(actor=actor_of(request), sanction_id=path["sanction_id"], now=utc_now(), **data)
        return self.shown(request, row.pk)
