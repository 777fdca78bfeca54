"""The region's side: approve, refuse, and set up again what failed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound
from kernel.wakeups import wake
from shared_apps.onboarding import mail
from shared_apps.onboarding.models import Application
from shared_apps.onboarding.permissions import require_decider
from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE
from shared_apps.onboarding.selectors import mall_of
from shared_apps.onboarding.services.applying import DivisionTaken, facts_of
from shared_apps.onboarding.services.settling import plan_steps, settle
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic, region_on_commit
from tenants.registry.rules import TenantState


class ApplicationChanged(Conflict):
    """The applicant amended it after it was read: the decision was on another text."""

    code = "application-changed"
    title = _("The application was changed after you opened it")


class NothingFailed(Conflict):
    code = "provisioning-not-failed"
    title = _("Setting up has not failed")


def _locked(application_id: int) -> Application:
    application = Application.objects.select_for_update().filter(pk=application_id).first()
    if application is None:
        raise NotFound(application=application_id)
    return application


def _decide(application: Application, *, actor: Actor, action: str, version: int, now: datetime) -> None:
    move = APPLICATION_LIFECYCLE.next(application.state, action)
    if application.version != version:
        raise ApplicationChanged(read=version, present=application.version)
    application.state = move.target
    application.decided_at, application.decided_by_id, application.decided_by_name = now, actor.user_id, actor.name


def approve_application(*, actor: Actor, application_id: int, version: int, now: datetime) -> Application:
    """The worker sets the mall up. Where it exists already, the bureau and its first person are entered at once.

    `version` is the one that was read. Raises NotFound, WrongState, ApplicationChanged, DivisionTaken.
    """
    require_decider(actor)
    with region_atomic():
        application = _locked(application_id)
        _decide(application, actor=actor, action="approve", version=version, now=now)
        application.asked_at = now
        application.save()
        record(
            actor=actor,
            event="onboarding.approved",
            object_type="application",
            object_id=application.pk,
            facts={**facts_of(application), "version": version},
            now=now,
        )
        mall = mall_of(division_code=application.division_code)
        if mall is None:
            plan_steps(application)
            region_on_commit(lambda: wake_provisioning(application_id))
        elif mall.state == TenantState.CONFIGURING:
            plan_steps(application, present_at=now)
            settle(application, action="adopt", tenant_code=mall.code, was_there=True, now=now)
        else:
            raise DivisionTaken(division=application.division_name)
    return application


def refuse_application(*, actor: Actor, application_id: int, version: int, reason: str, now: datetime) -> Application:
    """Raises NotFound, WrongState, ApplicationChanged, InvalidInput without a reason."""
    require_decider(actor)
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with region_atomic():
        application = _locked(application_id)
        _decide(application, actor=actor, action="refuse", version=version, now=now)
        application.reason = reason
        application.save()
        record(
            actor=actor,
            event="onboarding.refused",
            object_type="application",
            object_id=application.pk,
            facts={**facts_of(application), "version": version, "reason": reason},
            now=now,
        )
        mail.send_refusal(application=application)
    return application


def retry_provisioning(*, actor: Actor, application_id: int, now: datetime) -> Application:
    """Asks the worker again after a failed run. Raises NotFound, WrongState, NothingFailed while none failed."""
    require_decider(actor)
    with region_atomic():
        application = _locked(application_id)
        APPLICATION_LIFECYCLE.next(application.state, "retry")
        if not application.error:
            raise NothingFailed(application=application.number)
        application.error, application.runs_since_asked, application.asked_at = "", 0, now
        application.save()
        record(
            actor=actor,
            event="onboarding.provisioning_asked_again",
            object_type="application",
            object_id=application.pk,
            facts=facts_of(application),
            now=now,
        )
        region_on_commit(lambda: wake_provisioning(application_id))
    return application


def wake_provisioning(application_id: int) -> None:
    """Tells the worker that may do the owner's work."""
    # The task calls the service beside this one: the name is looked up when it is needed.
    from shared_apps.onboarding.tasks import provision

    wake(provision.enqueue, application_id=application_id)
