"""Background tasks of one tenant: the tenant is a required, signed argument, visible at the decorator.

    @tenant_task("orders.expire")
    def expire(*, order_id: int) -> None: ...

    expire.enqueue(tenant="653101", order_id=7)

Nothing about the tenant travels in headers: a message whose tenant or arguments are not those that our own code
signed is refused. Whoever reaches the broker can have a task run again, or never, but not elsewhere or otherwise.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.db import ProgrammingError

from kernel.sm3 import canonical_json
from tenants.database.context import tenant_selected

logger = logging.getLogger(__name__)


class UnsignedTask(PermissionError):
    """A message named a tenant without the signature that our own code gives it."""


def signature_of(*, tenant: str, task: str, arguments: Mapping[str, Any]) -> str:
    """HMAC of the task's name, the tenant and every argument under the one secret.

    It has no end: a message sent twice or late wakes a task that finds nothing due and does nothing.
    """
    said = b"tenant-task:" + canonical_json({"task": task, "tenant": tenant, "arguments": dict(arguments)})
    return hmac.new(settings.YZ_SECRET.encode(), said, hashlib.sha256).hexdigest()


class TenantTask:
    """A task that runs in one tenant's room."""

    def __init__(self, name: str, task: Task, function: Callable[..., Any]) -> None:
        self.name = name
        self.task = task
        self.function = function
        self.__doc__ = function.__doc__

    def enqueue(self, *, tenant: str, **arguments: Any) -> None:
        """Sends a wake-up for one tenant. Arguments are plain JSON values."""
        proof = signature_of(tenant=tenant, task=self.name, arguments=arguments)
        self.task.apply_async(kwargs={"tenant": tenant, "proof": proof, "arguments": arguments})

    def run(self, *, tenant: str, **arguments: Any) -> Any:
        """Runs it here and now, in the tenant's room; in a suspended or archived mall time stands still."""
        from tenants.registry.shutting import TenantArchived, TenantSuspended, is_shut, refusal_behind

        with tenant_selected(tenant) as ref:
            if is_shut(ref):
                logger.info("%s pauses in %s, which is %s", self.name, tenant, ref.state)
                return None
            try:
                return self.function(**arguments)
            except (TenantSuspended, TenantArchived):
                logger.info("%s pauses in %s, shut a moment ago", self.name, tenant)
            except ProgrammingError as error:
                if refusal_behind(error) is None:
                    raise
            return None


def tenant_task(name: str) -> Callable[[Callable[..., Any]], TenantTask]:
    """Declares a task of one tenant. The function takes keyword arguments and finds its tenant selected."""

    def decorate(function: Callable[..., Any]) -> TenantTask:
        def receive(*, tenant: str, proof: str, arguments: dict[str, Any]) -> None:
            if not hmac.compare_digest(proof, signature_of(tenant=tenant, task=name, arguments=arguments)):
                raise UnsignedTask(f"{name} for {tenant}")
            declared.run(tenant=tenant, **arguments)

        receive.__name__ = function.__name__
        receive.__doc__ = function.__doc__
        task = shared_task(name=name, acks_late=True, ignore_result=True)(receive)
        declared = TenantTask(name, task, function)
        return declared

    return decorate
