"""The database backend: one PostgreSQL login per room, chosen per request.

django-tenants switches tenants by `SET search_path` on a shared login. Here a tenant is a *login* whose search
path and rights are fixed in the database, so that nothing a statement says can reach another tenant
(docs/adr/0002-a-login-per-tenant.md). Selecting a tenant takes that login's kept connection from a small pool
of this process and thread.
"""

from __future__ import annotations

import select
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django.db.backends.utils import CursorWrapper
from django_tenants.postgresql_backend import base as django_tenants_backend

from tenants.database.logins import OWNER, Login, password_of

# A connection used within this time is trusted without a round trip, unless the server has hung up meanwhile.
HEALTH_CHECK_AFTER_SECONDS = 5.0


class NoRoomSelected(OperationalError):
    """A statement was about to run while no tenant was selected: a mistake of ours, never the user's."""


class RoomSwitchInTransaction(InterfaceError):
    """Another room was selected while a transaction of this one was open."""


def hung_up(connection: Any) -> bool:
    """Whether something waits to be read on a connection on which nothing was asked: its end, as a rule.

    Costs no round trip. A server that was killed has closed all its connections, those used a moment ago as well.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


@dataclass(slots=True)
class KeptConnection:
    connection: Any
    close_at: float | None
    parked_at: float


class RoomCursor(CursorWrapper):
    """A cursor of one login: kept over a switch, it would run its next statement in the room that was left."""

    def __init__(self, cursor: Any, db: DatabaseWrapper) -> None:
        super().__init__(cursor, db)
        self.login = db.login

    def _execute_with_wrappers(self, sql: Any, params: Any, many: bool, executor: Any) -> Any:
        if self.login != self.db.login:
            raise RoomSwitchInTransaction(f"{self.db.alias}: a cursor of {self.login} is used as {self.db.login}")
        return super()._execute_with_wrappers(sql, params, many, executor)  # type: ignore[misc]


class DatabaseWrapper(django_tenants_backend.DatabaseWrapper):
    """A Django connection that can change its PostgreSQL login between transactions."""

    connection: Any
    close_at: float | None

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        self.login: Login | None = None
        self._kept: OrderedDict[Login, KeptConnection] = OrderedDict()
        super().__init__(settings_dict, alias)
        # django-tenants' introspection asks for a schema by name; ours is whatever the login's path shows.
        self.introspection = DatabaseIntrospection(self)
        self.default_login = Login(settings_dict["USER"]) if settings_dict.get("USER") else None
        self.login = self.default_login

    # -- selecting ------------------------------------------------------------------------------------------

    def select_login(self, login: Login | None) -> None:
        """Makes `login` the one that the next statement runs as; None deselects.

        Raises RoomSwitchInTransaction when a transaction of another login is open.
        """
        if login == self.login:
            return
        if self.in_atomic_block:
            raise RoomSwitchInTransaction(f"{self.alias}: cannot leave {self.login} for {login} inside a transaction")
        self._park()
        self.login = login
        if login is not None:
            self._unpark(login)

    def _park(self) -> None:
        if self.connection is None:
            return
        if self.login is None or self.closed_in_transaction or self.errors_occurred or not self.autocommit:
            self.close()
            return
        self._kept[self.login] = KeptConnection(self.connection, self.close_at, time.monotonic())
        self._kept.move_to_end(self.login)
        self.connection = None
        while len(self._kept) > settings.YZ_KEPT_CONNECTIONS:
            _, oldest = self._kept.popitem(last=False)
            oldest.connection.close()

    def _unpark(self, login: Login) -> None:
        kept = self._kept.pop(login, None)
        if kept is None or kept.connection.closed:
            return
        self.connection = kept.connection
        self.close_at = kept.close_at
        young = time.monotonic() - kept.parked_at < HEALTH_CHECK_AFTER_SECONDS
        self.health_check_done = young and not hung_up(self.connection)

    @property
    def open_connections(self) -> int:
        """How many connections this wrapper holds: the selected login's and the parked ones."""
        return len(self._kept) + (self.connection is not None)

    def close_kept(self) -> None:
        """Closes every connection of this wrapper, parked ones included."""
        self.close()
        while self._kept:
            self._kept.popitem()[1].connection.close()

    def forget_kept(self) -> list[Any]:
        """Lets go of every connection without a word to the server; returns them, for the caller to keep alive."""
        held = [kept.connection for kept in self._kept.values()]
        if self.connection is not None:
            held.append(self.connection)
        self._kept.clear()
        self.connection = None
        return held

    # -- what django-tenants and Django ask -------------------------------------------------------------------

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Kept for django-tenants' own calls: remembers the name, never touches the connection."""
        self.tenant = tenant
        self.schema_name = tenant.schema_name

    def _handle_search_path(self, cursor: Any = None) -> None:
        """The search path is fixed on the login: there is nothing to set and nothing to forget."""

    def get_connection_params(self) -> dict[str, Any]:
        if self.alias == NO_DB_ALIAS:
            return dict(super().get_connection_params())
        if self.login is None:
            raise NoRoomSelected(f"{self.alias}: no tenant is selected")
        params = dict(super().get_connection_params())
        params["user"] = self.login.role
        params["password"] = password_of(self.login.role)
        if self.login.role in {OWNER, settings.YZ_OWNER_ROLE}:
            params |= settings.YZ_OWNER_SERVER
        if self.login.search_path:
            params["options"] = f"-c search_path={self.login.search_path}"
        return params

    def make_cursor(self, cursor: Any) -> RoomCursor:
        return RoomCursor(cursor, self)

    def ensure_connection(self) -> None:
        if self.login is None and self.connection is None:
            raise NoRoomSelected(f"{self.alias}: no tenant is selected")
        super().ensure_connection()

    def close_if_unusable_or_obsolete(self) -> None:
        """As Django's, but a healthy kept connection is not asked again within a few seconds."""
        checked = self.health_check_done
        super().close_if_unusable_or_obsolete()
        if self.connection is not None and checked and not self.errors_occurred:
            self.health_check_done = self._checked_lately() and not hung_up(self.connection)

    def _checked_lately(self) -> bool:
        now = time.monotonic()
        last = getattr(self, "_health_checked_at", 0.0)
        if now - last < HEALTH_CHECK_AFTER_SECONDS:
            return True
        self._health_checked_at = now
        return False
