"""Systems outside (a treasury, a verifier of invoices): which class speaks for one is a setting of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from tenants.database.context import TENANT_ALIAS, current_tenant, selected_code
from tenants.registry.rules import TenantKind

Provider = TypeVar("Provider")


def require_no_transaction() -> None:
    """What every simulator begins with: a real system is a network call away, which none may wait for with rows locked.

    Raises RuntimeError.
    """
    if connections[TENANT_ALIAS].in_atomic_block:
        raise RuntimeError("a system outside is called outside transactions only")


@dataclass(frozen=True, slots=True)
class Outside(Generic[Provider]):
    """`setting` names a class by its dotted path; where none is set it is the simulator, and in practice always:
    nothing of a practice mall reaches a real system.
    """

    setting: str
    simulator: str

    def connect(self) -> Provider:
        """A new provider for the room that is entered."""
        provider: Provider = import_string(self._path())()
        return provider

    def is_simulated(self) -> bool:
        """Whether nobody but the simulator is asked: pages say so."""
        return self._path() == self.simulator

    def _path(self) -> str:
        if selected_code() is not None and current_tenant().kind == TenantKind.PRACTICE:
            return self.simulator
        return str(getattr(settings, self.setting, self.simulator))
