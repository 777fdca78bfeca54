"""A creation by a process whose code is the tree's: python -m tests.tenancy.creating_child CODE

It says `open` when its transaction holds the whole schema, and commits once it is told anything. When it is refused
it says why.
"""

from __future__ import annotations

import sys
from typing import Any

from tests import environment  # noqa: F401 - sets the addresses before Django's settings are read


def main(code: str) -> int:
    import django

    django.setup()
    from kernel.clock import utc_now
    from tenants.provisioning.services import ProcessTooOld, create_tenant, creating

    real = creating.let_connect

    def waits(*arguments: Any) -> None:
        print("open", flush=True)
        sys.stdin.readline()
        real(*arguments)

    creating.let_connect = waits
    try:
        create_tenant(code=code, now=utc_now())
    except ProcessTooOld as error:
        print(error.code, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
