"""A real worker process killed (-9) while it sets a mall up: nothing half-made, and the next one ends the work."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kernel.clock import utc_now
from shared_apps.accounts.models import Invitation, Organisation
from shared_apps.onboarding import services, tasks
from shared_apps.onboarding.models import Application, ProvisioningStep
from tenants.database.context import region_as
from tests.database import admin
from tests.factories.onboarding import NEW, approve, file_application, new_division
from tests.tenancy.catalogues import catalogue, names_left

ROOT = Path(__file__).parents[2]
WORKER = (
    "import sys, django; django.setup(); from shared_apps.onboarding.services import run_provisioning; "
    "run_provisioning(application_id=int(sys.argv[1]))"
)
WHOLE = {"schema", "role", "row", "host"}


@pytest.fixture(autouse=True)
def division(room: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(tasks.provision, "enqueue", lambda **_: None)
    with new_division() as code:
        yield code


def started(application: Application) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(application.pk)], cwd=ROOT, env=environment)


def wait_for_step(application: Application, name: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while not ProvisioningStep.objects.filter(application=application, name=name).exclude(state="waiting").exists():
        assert time.monotonic() < end, name
        assert process.poll() is None or Application.objects.get().state == "provisioned"
        time.sleep(0.002)


def wait_for_its_backends() -> None:
    """The server ends the statement a killed client had under way, then takes it back: a lease is much longer."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    end = time.monotonic() + 30
    with admin() as connection, connection.cursor() as cursor:
        while True:
            cursor.execute(asked)
            if cursor.fetchone() == (0,):
                return
            assert time.monotonic() < end
            time.sleep(0.01)


@pytest.mark.parametrize("moment", ["schema", "check", "random"])
def test_a_killed_worker_leaves_a_whole_tenant_or_none(moment: str) -> None:
    application, _ = file_application()
    approve(application)
    process = started(application)
    wait_for_step(application, "schema" if moment == "random" else moment, process)
    if moment == "random":
        time.sleep(secrets.randbelow(1500) / 1000)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    wait_for_its_backends()
    assert set(names_left(NEW)) in (set(), WHOLE)
    if moment == "check":
        assert set(names_left(NEW)) == WHOLE
    Application.objects.filter(pk=application.pk, state="provisioning").update(
        lease_until=utc_now() - timedelta(seconds=1)
    )
    with region_as("yz_region"):
        services.run_provisioning(application_id=application.pk)
    row = Application.objects.get(pk=application.pk)
    assert (row.state, row.error) == ("provisioned", "")
    assert row.run <= 2
    assert set(names_left(NEW)) == WHOLE
    assert catalogue(f"t{NEW}") == catalogue("t990001")
    assert Organisation.objects.filter(tenant_code=NEW).count() == 1
    assert Invitation.objects.filter(organisation__tenant_code=NEW).count() == 1
