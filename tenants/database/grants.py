"""Compiles the apps' declarations into GRANT statements, table by table.

Granting by name costs 4 ms a tenant; `ALL TABLES IN SCHEMA` scans the catalogue (80 ms at 300 tenants).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import models
from psycopg2 import sql
from psycopg2.sql import Composable

from tenants.database.logins import MALL, REGION, REGION_LOGINS, RELAY, SWEEPER
from tenants.database.rooms import RoomConfig, region_apps, tenant_apps

# Django's own tables that a login needs beside the declared ones.
DJANGO_REGION_TABLES = {"django_session": "SELECT, INSERT, UPDATE, DELETE", "django_content_type": "SELECT"}

# Stands for the login of whichever tenant the schema belongs to.
TENANT = "$tenant"
_RIGHT = re.compile(r"([A-Z]+)\s*(?:\(([^)]*)\))?")


def _tables(config: AppConfig) -> Iterator[tuple[type[models.Model], str]]:
    for model in config.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model, model._meta.db_table


@dataclass(frozen=True, slots=True)
class Grant:
    """One declared grant: `rights` as written in an AppConfig, `login` a role's name or TENANT."""

    table: str
    rights: str
    login: str

    def statement(self, schema: str, role: str) -> Composable:
        # `rights` are written by us in an AppConfig; names are quoted.
        return sql.SQL("GRANT {} ON {} TO {}").format(
            sql.SQL(self.rights), sql.Identifier(schema, self.table), sql.Identifier(role)
        )

    def parsed(self) -> frozenset[tuple[str, str]]:
        """(privilege, column) for each right; the column is empty where the whole table is meant."""
        found: set[tuple[str, str]] = set()
        for privilege, columns in _RIGHT.findall(self.rights):
            found |= {(privilege, column.strip()) for column in columns.split(",")} if columns else {(privilege, "")}
        return frozenset(found)


def _own_rights(config: AppConfig, model: type[models.Model]) -> str:
    append_only = isinstance(config, RoomConfig) and model.__name__ in config.append_only
    return "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"


def _others(config: AppConfig, model: type[models.Model], table: str, *logins: str) -> Iterator[Grant]:
    if not isinstance(config, RoomConfig):
        return
    declared: Mapping[str, Mapping[str, str]] = {MALL: config.mall, RELAY: config.relay, SWEEPER: config.sweeper}
    for login in logins:
        rights = declared[login].get(model.__name__)
        if rights:
            yield Grant(table, rights, login)


def declared_in_tenant() -> Iterator[Grant]:
    """What every tenant's login, the relay and the sweeper may do with the tables of one tenant."""
    # The readiness check asks every schema for its version.
    yield Grant("django_migrations", "SELECT", SWEEPER)
    for config in tenant_apps():
        for model, table in _tables(config):
            yield Grant(table, _own_rights(config, model), TENANT)
            yield from _others(config, model, table, RELAY, SWEEPER)


def declared_in_region() -> Iterator[Grant]:
    """What the region's logins may do with the tables of `public`."""
    # The readiness check and `makemigrations --check` ask which migrations there are.
    yield Grant("django_migrations", "SELECT", REGION)
    for config in region_apps():
        for model, table in _tables(config):
            if table in DJANGO_REGION_TABLES:
                yield Grant(table, DJANGO_REGION_TABLES[table], REGION)
                continue
            yield Grant(table, _own_rights(config, model), REGION)
            yield from _others(config, model, table, MALL, RELAY, SWEEPER)


def declared_functions() -> dict[str, str]:
    """The functions of `public` that a login may call, by signature; migrations make and grant them."""
    return {
        signature: login
        for config in region_apps()
        if isinstance(config, RoomConfig)
        for signature, login in config.functions.items()
    }


def check_declarations() -> None:
    """Raises LookupError when a grant names a model that its app does not have."""
    for config in [*tenant_apps(), *region_apps()]:
        if isinstance(config, RoomConfig):
            names = {model.__name__ for model in config.get_models(include_auto_created=True)}
            declared = {*config.append_only, *config.mall, *config.relay, *config.sweeper}
            if unknown := declared - names:
                raise LookupError(f"{config.label}: grants for unknown models {sorted(unknown)}")


def tenant_grants(schema: str, role: str) -> list[Composable]:
    """What a tenant's own login, the relay and the sweeper may do in its schema."""
    usage = sql.SQL("GRANT USAGE ON SCHEMA {} TO {}, {}, {}").format(
        sql.Identifier(schema), sql.Identifier(role), sql.Identifier(RELAY), sql.Identifier(SWEEPER)
    )
    return [
        usage,
        *(grant.statement(schema, role if grant.login == TENANT else grant.login) for grant in declared_in_tenant()),
        # A suspended or archived mall may not add to its journal, whoever grants anew.
        sql.SQL("SELECT public.registry_align_journal({})").format(sql.Literal(schema)),
    ]


def region_grants() -> list[Composable]:
    """What the region's logins may do in `public`: every declared right, and nothing else (idempotent)."""
    statements: list[Composable] = []
    for login in REGION_LOGINS:
        who = sql.Identifier(login)
        statements += [
            sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(who),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who),
        ]
    return statements + [grant.statement("public", grant.login) for grant in declared_in_region()]
