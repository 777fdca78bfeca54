"""A provisioning run killed with SIGKILL, at the first, a middle, the last and random tenants and moments.

Whatever it had in its hands is left undone whole: the catalogue holds no schema without registry row, no login
without schema, no host without tenant, and every tenant equals the template. A rerun does what is missing.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenants.database.auditing import deviations
from tenants.database.context import region_as
from tenants.divisions.models import Division
from tenants.provisioning.plans import TEMPLATE_SCHEMA
from tenants.provisioning.services import parallel
from tenants.provisioning.simulated import simulated_codes
from tests.database import admin, close_all
from tests.tenancy.catalogues import catalogue, throw_away
from tests.tenancy.provisioning_child import SERVER, Trouble, run

COUNT = 8
CODES = simulated_codes(COUNT)
WAIT_SECONDS = 60.0
WITHOUT = Trouble()

# What there is of each simulated tenant, and of none else.
_PARTS = """
SELECT substr(nspname, 2), 'schema' FROM pg_namespace WHERE nspname ~ '^t97'
UNION ALL SELECT substr(rolname, 2), 'login' FROM pg_roles WHERE rolname ~ '^t97'
UNION ALL SELECT code, 'row' FROM registry_tenant WHERE code ~ '^97'
UNION ALL SELECT code, 'host' FROM registry_tenant t JOIN registry_domain d ON d.tenant_id = t.id WHERE code ~ '^97'
UNION ALL SELECT split_part(domain, '.', 1), 'host without tenant' FROM registry_domain d
           WHERE domain ~ '^97' AND NOT EXISTS (SELECT FROM registry_tenant t WHERE t.id = d.tenant_id)
"""
WHOLE = {"schema", "login", "row", "host"}


def parts() -> dict[str, set[str]]:
    """What the catalogue and the registry hold of each simulated tenant that left any trace."""
    found: dict[str, set[str]] = {}
    with admin() as connection, connection.cursor() as cursor:
        cursor.execute(_PARTS)
        for code, part in cursor.fetchall():
            found.setdefault(code, set()).add(part)
    return found


def half_made() -> dict[str, set[str]]:
    """Tenants of which something is there and something lacks, whose schema is not the template's, or whose login
    has other rights than declared."""
    template = catalogue(TEMPLATE_SCHEMA)
    rights = repr(deviations())
    return {
        code: held
        for code, held in parts().items()
        if held != WHOLE or catalogue(f"t{code}") != template or f"t{code}" in rights
    }


def wait_for_backends() -> None:
    """A backend whose client was killed notices when its statement ends: its transaction is over then."""
    close_all()
    with admin() as connection, connection.cursor() as cursor:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'yz_owner' "
                "AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.01)
    raise TimeoutError("a killed run's backend does not end")


class Run:
    """`bin/yz provision --simulated 8` in a process group of its own."""

    def __init__(self, *, jobs: int, trouble: Trouble = WITHOUT) -> None:
        close_all()
        self.output, theirs = SERVER.Pipe(duplex=False)
        self.stands, standing = SERVER.Pipe(duplex=False)
        self.process = SERVER.Process(target=run, args=(COUNT, jobs, theirs, standing, trouble))
        self.process.start()
        theirs.close()
        standing.close()
        self.text = ""

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines()]

    def wait_until_it_stands(self) -> None:
        try:
            self.stands.recv()
        except EOFError:
            pytest.fail(f"the run ended with {self.wait()} before it came there: {self.lines}")

    def read_until(self, count: int) -> None:
        """Reads until `count` tenants are told."""
        with suppress(EOFError):
            while sum(line.endswith(")") for line in self.lines) < count:
                self.text += self.output.recv()

    def kill(self) -> int | None:
        assert self.process.pid is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> int | None:
        with suppress(EOFError):
            while True:
                self.text += self.output.recv()
        self.process.join(WAIT_SECONDS)
        return self.process.exitcode


@pytest.fixture
def simulated(room: None) -> Iterator[None]:
    throw_away(*CODES)
    yield
    wait_for_backends()
    throw_away(*CODES)


def finish() -> int:
    """Reruns until every tenant is there; returns how many runs that took."""
    for number in range(1, 4):
        wait_for_backends()
        assert half_made() == {}
        if set(parts()) == set(CODES):
            return number - 1
        run = Run(jobs=2)
        assert run.wait() == 0, run.lines
    raise AssertionError("not complete after three reruns")


# The places of `create_tenant`: between login and schema, between row and host, and before the right to connect, which
# is the last thing before the commit.
@pytest.mark.parametrize(
    ("code", "place"),
    [
        (CODES[0], "build_schema"),
        (CODES[0], "let_connect"),
        (CODES[COUNT // 2], "host_of"),
        (CODES[COUNT // 2], "let_connect"),
        (CODES[-1], "let_connect"),
    ],
)
def test_killed_at_one_tenant(simulated: None, code: str, place: str) -> None:
    run = Run(jobs=1, trouble=Trouble(stands_at=(code, place)))
    run.wait_until_it_stands()
    assert run.kill() == -signal.SIGKILL
    wait_for_backends()
    assert set(parts()) == set(CODES[: CODES.index(code)])
    assert finish() <= 2


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_moments(simulated: None, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - moments, not secrets
    for _ in range(2):
        run = Run(jobs=2)
        run.read_until(chosen.randrange(1, 3))
        time.sleep(chosen.random() * 0.08)
        run.kill()
        wait_for_backends()
        assert half_made() == {}
    assert finish() <= 2


def test_a_killed_process_takes_only_its_own_tenant_with_it(simulated: None) -> None:
    code = CODES[2]
    run = Run(jobs=2, trouble=Trouble(dies_at=code))
    assert run.wait() == 2
    assert [line for line in run.lines if "ended with -9" in line] == [f"{code} failed: its process ended with -9"]
    wait_for_backends()
    assert (set(CODES) - set(parts()), half_made()) == ({code}, {})
    assert finish() == 1


def test_a_failed_tenant_leaves_nothing_and_the_others_are_made(simulated: None) -> None:
    broken = {CODES[0], CODES[5]}
    run = Run(jobs=2, trouble=Trouble(fails_at=tuple(broken)))
    assert run.wait() == 2
    assert sum("division by zero" in line for line in run.lines) == 2
    wait_for_backends()
    assert (set(CODES) - set(parts()), half_made()) == (broken, {})
    assert finish() == 1


@pytest.mark.parametrize(
    ("place", "left"),
    [("build_schema", {"login"}), ("host_of", {"login", "schema", "row"}), ("let_connect", WHOLE)],
)
def test_twin_without_the_transaction_a_killed_run_leaves_half_a_tenant(
    simulated: None, place: str, left: set[str]
) -> None:
    """The same kill finds a half-made tenant once the one transaction is gone: the tests above can fail."""
    run = Run(jobs=1, trouble=Trouble(stands_at=(CODES[1], place), untied=True))
    run.wait_until_it_stands()
    run.kill()
    wait_for_backends()
    assert half_made() == {CODES[1]: left}


def test_the_crew_works_through_everything_and_tells_each_result(room: None) -> None:
    close_all()

    def work(item: str) -> str:
        if item == "7":
            raise ValueError("seven")
        return item * 2

    results = {r.item: (r.said, r.error) for r in parallel.each(items=[str(n) for n in range(20)], work=work, jobs=3)}
    assert results.pop("7") == ("", "ValueError: seven")
    assert results == {str(n): (str(n) * 2, None) for n in range(20) if n != 7}


def test_simulated_divisions_say_what_they_are(simulated: None) -> None:
    run = Run(jobs=2)
    assert run.wait() == 0, run.lines
    again = Run(jobs=2)
    assert (again.wait(), again.lines) == (0, ["every tenant exists"])
    with region_as("yz_region"):
        rows = list(Division.objects.filter(code__startswith="97").values_list("name", "note", "is_default_tenant"))
    assert len(rows) == COUNT + 1
    assert all(name.startswith("模拟") and "simulated" in note and not default for name, note, default in rows)


@pytest.mark.parametrize("options", [{"simulated": 3001}, {"simulated": -1}, {}])
def test_what_cannot_be_made_is_refused(simulated: None, options: dict[str, int]) -> None:
    with pytest.raises(CommandError):
        call_command("provision", **options)
    assert parts() == {}


def test_never_in_production(simulated: None, settings: Any) -> None:
    settings.YZ_ENV = "production"
    with pytest.raises(CommandError, match="development only"):
        call_command("provision", simulated=1)
    with region_as("yz_region"):
        assert not Division.objects.filter(code__startswith="97").exists()
