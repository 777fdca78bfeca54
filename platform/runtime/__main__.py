"""`python -m runtime COMMAND`: what the launchers in `bin/` call."""

import os
import sys
from collections.abc import Callable, Sequence

from runtime import bench, check, testing, up, yz
from runtime.layout import HERE, Layout
from runtime.problems import Problem

COMMANDS: dict[str, Callable[[Layout, Sequence[str]], int]] = {
    "up": up.main,
    "down": up.down_main,
    "test": testing.main,
    "check": check.main,
    "bench": bench.main,
    "yz": yz.main,
}


def main() -> int:
    command, *given = sys.argv[1:] or [""]
    if command not in COMMANDS:
        print(f"usage: python -m runtime {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    if not sys.platform.startswith("linux"):
        print("Linux only: the embedded servers are Linux binaries.", file=sys.stderr)
        return 2
    try:
        return COMMANDS[command](HERE, given)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return problem.code
    except PermissionError as error:
        if error.filename and str(error.filename).startswith(str(HERE.root)):
            print(f"\n{error.filename} belongs to another account. Use a checkout of your own.", file=sys.stderr)
            return 2
        raise
    except BrokenPipeError:
        # The reader of our output went away (bin/up | head). What was started stays; the next bin/up goes on.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
