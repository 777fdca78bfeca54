"""Background work as the owner of all DDL: making, re-making and removing tenants on somebody's behalf.

    @owner_task("onboarding.provision")
    def provision(*, application_id: int) -> None: ...

    provision.enqueue(application_id=7)

These tasks have a queue of their own. Only the process `provisioner` listens to it, and only that process holds the
owner's password: neither a web process nor the worker of the malls could do its work. Every message is signed whole,
so that whoever reaches the broker cannot have a tenant made or thrown away.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from celery import Task, shared_task
from django.conf import settings

from kernel.sm3 import canonical_json

QUEUE = "provisioning"


class UnsignedOwnerTask(PermissionError):
    """A message asked for the owner's work without the signature that our own code gives it."""


def signature_of(*, task: str, arguments: dict[str, Any]) -> str:
    """HMAC of the task's name and its arguments under the one secret."""
    said = b"owner-task:" + canonical_json({"task": task, "arguments": arguments})
    return hmac.new(settings.YZ_SECRET.encode(), said, hashlib.sha256).hexdigest()


class OwnerTask:
    """A task of the queue `provisioning`."""

    def __init__(self, name: str, task: Task, function: Callable[..., Any]) -> None:
        self.name = name
        self.task = task
        self.function = function
        self.__doc__ = function.__doc__

    def enqueue(self, **arguments: Any) -> None:
        """Sends a wake-up. Arguments are plain JSON values; what is to be done stands in the database."""
        proof = signature_of(task=self.name, arguments=arguments)
        self.task.apply_async(kwargs={"proof": proof, "arguments": arguments}, queue=QUEUE)

    def run(self, **arguments: Any) -> Any:
        """Runs it here and now; it works only where the owner's password is."""
        return self.function(**arguments)


def owner_task(name: str) -> Callable[[Callable[..., Any]], OwnerTask]:
    """Declares a task that may call the services of provisioning. The function takes keyword arguments."""

    def decorate(function: Callable[..., Any]) -> OwnerTask:
        def receive(*, proof: str, arguments: dict[str, Any]) -> None:
            if not hmac.compare_digest(proof, signature_of(task=name, arguments=arguments)):
                raise UnsignedOwnerTask(name)
            declared.run(**arguments)

        receive.__name__ = function.__name__
        receive.__doc__ = function.__doc__
        task = shared_task(name=name, acks_late=True, ignore_result=True)(receive)
        declared = OwnerTask(name, task, function)
        return declared

    return decorate
