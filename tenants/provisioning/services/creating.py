"""Making a tenant whole in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connections
from django.db.models import Max

from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.metrics import PROVISIONING_SECONDS
from kernel.problems import Conflict, NotFound
from tenants.database.context import REGION_ALIAS, forget_tenant_refs, region_as, region_atomic
from tenants.database.grants import tenant_grants
from tenants.database.logins import tenant_login
from tenants.divisions.models import Division
from tenants.journaling.models import RelayReceipt
from tenants.provisioning.plans import MIGRATION_TABLE, Plan, Python, Sql, compile_plan
from tenants.provisioning.replaying import run_python
from tenants.provisioning.services.logins import let_connect, put_login, run
from tenants.provisioning.versions import hold_version
from tenants.registry.models import Domain, Tenant
from tenants.registry.rules import TenantKind, TenantState


class TenantExists(Conflict):
    code = "tenant-exists"


class DivisionNotFound(NotFound):
    code = "division-not-found"


def schema_of(code: str) -> str:
    """The schema and login of a new tenant. It never changes, whatever becomes of the division's code."""
    return f"t{code}"


def create_tenant(
    *, code: str, division_code: str | None = None, kind: TenantKind = TenantKind.OWN_LEVEL, name: str | None = None,
    level: str | None = None, is_demo: bool = False, epoch: int = 1, now: datetime,
) -> Tenant:  # fmt: skip
    """Makes a tenant whole in one transaction: login, schema, tables, grants, registry row, host.

    A failure leaves nothing behind. The journal's epoch is at least `epoch`, and above every epoch that a tenant of
    this code had before: events of the new journal are never taken for old ones.
    Raises TenantExists and DivisionNotFound. Runs as the owner.
    """
    began = time.perf_counter()
    division_code = division_code or code
    plan = compile_plan()
    schema = schema_of(code)
    tenant_login(schema)  # refuses what is no name of a tenant's login
    with region_as(settings.YZ_OWNER_ROLE):
        division = Division.objects.filter(code=division_code).first()
        if division is None:
            raise DivisionNotFound(division=division_code)
        with region_atomic():
            lock_tenant(code)
            hold_version()
            if Tenant.objects.filter(code=code).exists():
                raise TenantExists(tenant=code)
            before = RelayReceipt.objects.filter(room=code).aggregate(last=Max("epoch"))["last"] or 0
            put_login(schema, schema)
            build_schema(schema, plan)
            tenant: Tenant = Tenant.objects.create(
                schema_name=schema,
                code=code,
                division_code=division_code,
                name=name or division.name,
                level=level or division.level,
                kind=kind,
                state=TenantState.CONFIGURING,
                is_demo=is_demo,
                epoch=max(epoch, before + 1),
                created_at=now,
            )
            Domain.objects.create(tenant=tenant, domain=host_of(code), is_primary=True)
            let_connect(schema)
    PROVISIONING_SECONDS.of("create").observe(time.perf_counter() - began)
    forget_tenant_refs()
    return tenant


def lock_tenant(code: str) -> None:
    """One creation, re-making or removal of a tenant at a time; the next one sees what this one left."""
    advisory_xact_lock(REGION_ALIAS, advisory_lock_key("provisioning", code))


def build_schema(schema: str, plan: Plan) -> None:
    """The schema with tables, ledger and grants, for a login that exists. Belongs into the caller's transaction."""
    for part in _blueprint(plan):
        if isinstance(part, Python):
            run_python(part)
        else:
            run(part.replace(_ANY_SCHEMA, schema))


def prepare_blueprint(plan: Plan) -> None:
    """Composes what every new schema gets, so that processes forked from this one need not."""
    with region_as(settings.YZ_OWNER_ROLE):
        _blueprint(plan)


# No tenant is called so: the six digits are of no division, the letters of no kind.
_ANY_SCHEMA = "t000000_blueprint"
_composed: tuple[Plan, tuple[str | Python, ...]] | None = None


def _blueprint(plan: Plan) -> tuple[str | Python, ...]:
    """The statements of a schema, for `_ANY_SCHEMA`: composed once a process, and sent in one go.

    Functions of migrations stand between them where they belong.
    """
    global _composed
    if _composed is None or _composed[0] is not plan:
        _composed = plan, tuple(_parts(plan))
    return _composed[1]


def _parts(plan: Plan) -> Iterator[str | Python]:
    statements = [f"CREATE SCHEMA {_ANY_SCHEMA}", f"SET LOCAL search_path = {_ANY_SCHEMA}", MIGRATION_TABLE]
    for segment in plan.segments:
        if isinstance(segment, Python):
            yield _one_string(statements)
            yield segment
            statements = []
        elif isinstance(segment, Sql):
            statements += segment.statements
        else:
            with connections[REGION_ALIAS].cursor() as cursor:
                statements += [
                    grant.as_string(cursor.cursor) for grant in tenant_grants(_ANY_SCHEMA, _ANY_SCHEMA)
                ]  # fmt: skip
    yield _one_string([*statements, "SET LOCAL search_path = public"])


def _one_string(statements: Sequence[str]) -> str:
    return ";\n".join(statement.rstrip().rstrip(";") for statement in statements)


def host_of(code: str) -> str:
    """The tenant's host name without port. Host labels hold no underscores: practice malls use a hyphen."""
    return f"{code.replace('_', '-')}.{settings.YZ_BASE_HOST}"


def missing_tenants() -> list[str]:
    """Codes of the default tenants that do not exist yet, the region first.

    A division under a new code has its mall already, by the code of old.
    """
    own_levels = Tenant.objects.filter(kind=TenantKind.OWN_LEVEL).values_list("code", "division_code")
    existing = {code for pair in own_levels for code in pair}
    codes = Division.objects.filter(is_default_tenant=True).order_by("code").values_list("code", flat=True)
    return [code for code in codes if code not in existing]
