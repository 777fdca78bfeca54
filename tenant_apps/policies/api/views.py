"""One call each of the selectors and services of local configuration."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import local_date, utc_now
from kernel.problems import InvalidInput
from shared_apps.rulebook.wording import shown_all
from tenant_apps.policies import selectors, services
from tenant_apps.policies.permissions import READERS, TRIERS, WRITERS
from tenant_apps.policies.serializers import (
    AcceptTariffInput,
    AcknowledgeInput,
    AcknowledgementOutput,
    ChecklistOutput,
    ChooseModulesInput,
    ChosenOutput,
    CloseModuleInput,
    DecisionOutput,
    EndTighteningInput,
    ModuleOutput,
    ModuleStateOutput,
    OpeningOutput,
    RuleOutput,
    TariffOutput,
    TighteningOutput,
    TightenInput,
    WhatIfInput,
)


@documented(summary="Go-live checklist: what is done and what is missing")
class Checklist(ReadView):
    access = Access("policies.api_checklist", posts=READERS)
    output_serializer = ChecklistOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.checklist(now=utc_now())


@documented(summary="The five modules and whether they are open")
class Modules(ReadView):
    access = Access("policies.api_modules", posts=READERS)
    output_serializer = ModuleOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.modules()


@documented(summary="Choose the modules that open when the mall goes live")
class ChooseModules(WriteView):
    access = Access("policies.api_choose_modules", posts=WRITERS)
    input_serializer = ChooseModulesInput
    output_serializer = ChosenOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return {"modules": services.choose_modules(actor=actor_of(request), now=utc_now(), **data)}


@documented(summary="Go live", description="Refused with what is missing until every item of the checklist is done.")
class GoLive(WriteView):
    access = Access("policies.api_go_live", posts=WRITERS)
    output_serializer = OpeningOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.go_live(actor=actor_of(request), now=utc_now())


@documented(summary="Open a further module", description="Refused with what is missing until the checklist is done.")
class OpenModule(WriteView):
    access = Access("policies.api_open_module", posts=WRITERS)
    output_serializer = ModuleStateOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.open_module(actor=actor_of(request), module=path["module"], now=utc_now())


@documented(summary="Close a module")
class CloseModule(WriteView):
    access = Access("policies.api_close_module", posts=WRITERS)
    input_serializer = CloseModuleInput
    output_serializer = ModuleStateOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.close_module(actor=actor_of(request), module=path["module"], now=utc_now(), **data)


@documented(summary="Rules in force here, local values included")
class Rules(ReadView):
    access = Access("policies.api_rules", posts=READERS)
    output_serializer = RuleOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        rules = selectors.effective_rules(on=local_date(utc_now()))
        return sorted(rules.rules.values(), key=lambda rule: (rule.code, rule.kind))


@documented(summary="Acknowledge the threshold in force")
class Acknowledge(WriteView):
    access = Access("policies.api_acknowledge", posts=WRITERS)
    input_serializer = AcknowledgeInput
    output_serializer = AcknowledgementOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.acknowledge_rule(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Set a stricter local value")
class Tighten(WriteView):
    access = Access("policies.api_tighten", posts=WRITERS)
    input_serializer = TightenInput
    output_serializer = TighteningOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.tighten_rule(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Go back to the region's value")
class EndTightening(WriteView):
    access = Access("policies.api_end_tightening", posts=WRITERS)
    input_serializer = EndTighteningInput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        services.end_tightening(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Accept the tariff in force")
class AcceptTariff(WriteView):
    access = Access("policies.api_accept_tariff", posts=WRITERS)
    input_serializer = AcceptTariffInput
    output_serializer = TariffOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.accept_tariff(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="What the rules would say of a purchase nobody has asked for; nothing is kept", problems=(404,))
class WhatIf(ReadView):
    access = Access("policies.api_what_if", posts=TRIERS)
    output_serializer = DecisionOutput
    query_serializer = WhatIfInput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        wanted = self.query(request)
        if wanted["amount"] is None:
            raise InvalidInput(errors={"amount": [str(_("Give an amount."))]})
        supposed = selectors.supposed_from(wanted, today=local_date(utc_now()))
        return shown_all(selectors.what_if(actor=actor_of(request), supposed=supposed))
