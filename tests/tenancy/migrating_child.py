"""A fleet migration in a process of its own, to be killed: python -m tests.tenancy.migrating_child JOBS CODE…

The migration it runs is not in the tree. In the tenant named by YZ_TEST_PAUSE it stops half-way through the
transaction and says `half-way` on standard output, so that it can be killed right there. With YZ_TEST_TWIN the
transaction around each tenant is off.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import environment  # noqa: F401 - sets the addresses before Django's settings are read


@contextmanager
def no_transaction(code: str, schema: str, step: Any, limits: Any) -> Iterator[None]:
    from tenants.provisioning.plans import record_of
    from tenants.provisioning.services.logins import run

    run(f"SET search_path = {schema}")
    try:
        yield
        run(record_of(step.keys))
    finally:
        run("RESET search_path")


def main(jobs: int, codes: list[str]) -> int:
    import django

    django.setup()
    from kernel.clock import utc_now
    from tenants.provisioning.services import migrate_tenants, migrating
    from tests.tenancy.extra_migrations import added
    from tests.tenancy.walking import walking

    if os.environ.get("YZ_TEST_TWIN"):
        migrating._transaction = no_transaction
    with added(walking()):
        outcome = migrate_tenants(
            codes=codes, jobs=jobs, now=utc_now, progress=lambda code, *_: print(code, flush=True)
        )
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
