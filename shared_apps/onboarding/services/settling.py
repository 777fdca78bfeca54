"""The last steps of setting a mall up: the bureau as an organisation, and its responsible person invited."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from shared_apps.accounts.services import create_organisation, invite
from shared_apps.onboarding.models import Application, MallProgress, ProvisioningStep
from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE, StepName, StepState
from shared_apps.onboarding.services.applying import facts_of
from shared_apps.region_journal.services import record


def plan_steps(application: Application, *, present_at: datetime | None = None) -> None:
    """The steps as rows, all waiting; `present_at`: the mall was there, so the first two are passed over."""
    ProvisioningStep.objects.filter(application=application).delete()
    ProvisioningStep.objects.bulk_create(
        ProvisioningStep(
            application=application,
            position=position,
            name=name,
            state=StepState.SKIPPED if present_at and name in {StepName.SCHEMA, StepName.CHECK} else StepState.WAITING,
            started_at=present_at if name in {StepName.SCHEMA, StepName.CHECK} else None,
            finished_at=present_at if name in {StepName.SCHEMA, StepName.CHECK} else None,
        )
        for position, name in enumerate(StepName, start=1)
    )


def settle(application: Application, *, action: str, tenant_code: str, was_there: bool, now: datetime) -> None:
    """Enters the bureau, invites the responsible person and ends the application, in the caller's transaction.

    A bureau that is entered already is taken as it is: an application brings a person, not a second bureau.
    """
    move = APPLICATION_LIFECYCLE.next(application.state, action)
    bureaus = organisations_of_tenant(tenant_code=tenant_code, kind=OrganisationKind.FINANCE_BUREAU)
    bureau = (
        bureaus[0]
        if bureaus
        else create_organisation(
            actor=SYSTEM,
            kind=OrganisationKind.FINANCE_BUREAU,
            code=application.division_code,
            name=application.bureau_name,
            tenant_code=tenant_code,
            now=now,
        )
    )
    _passed(application, StepName.BUREAU, now=now, skipped=bool(bureaus))
    invitation = invite(
        actor=SYSTEM,
        organisation_id=bureau.pk,
        name=application.responsible_name,
        email=application.email,
        posts=[Post.TIER_SUPERVISOR],
        now=now,
    )
    _passed(application, StepName.INVITATION, now=now)
    application.state, application.lease_until, application.error = move.target, None, ""
    application.provisioned_at = now
    application.organisation_id, application.invitation_key = bureau.pk, invitation.key
    application.save()
    MallProgress.objects.get_or_create(tenant_code=tenant_code)
    record(
        actor=SYSTEM,
        event="onboarding.provisioned",
        object_type="application",
        object_id=application.pk,
        facts={
            **facts_of(application),
            "tenant_code": tenant_code,
            "organisation_id": bureau.pk,
            "was_there": was_there,
        },
        now=now,
    )


def _passed(application: Application, name: StepName, *, now: datetime, skipped: bool = False) -> None:
    step = ProvisioningStep.objects.get(application=application, name=name)
    step.state = StepState.SKIPPED if skipped else StepState.DONE
    step.started_at, step.finished_at, step.note = step.started_at or now, now, ""
    step.save()
