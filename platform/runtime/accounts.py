"""How PostgreSQL is run when we are root: it refuses to serve as root.

First choice is a user namespace of one account: root outside, number 1000 inside. The data folder then belongs to
root and no account of the machine is touched. Where the kernel or a container forbids that, PostgreSQL runs as the
account `nobody` and its data folder is given to it.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.problems import Problem

UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
ACCOUNT = "nobody"


@dataclass(frozen=True)
class Guise:
    """A command prefix, and the account that must own the data folder (None: ourselves)."""

    name: str
    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def owns(self, path: Path) -> bool:
        held = path.lstat()
        return (held.st_uid, held.st_gid) == self._wanted

    def give(self, folder: Path) -> None:
        """Make the folder and everything in it the account's own, the folder itself last."""
        for path in (*folder.rglob("*"), folder):
            if not self.owns(path):
                os.chown(path, *self._wanted, follow_symlinks=False)

    @property
    def _wanted(self) -> tuple[int, int]:
        return self.owner or (os.geteuid(), os.getegid())


def _works(command: tuple[str, ...]) -> tuple[bool, str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd="/")
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    return done.returncode == 0, done.stderr.strip()


def guise_for(binary: Path, *, folder: Path, open_up: Sequence[Path]) -> Guise:
    """How to run `binary` on the data under `folder` so that it is not root. Raises Problem when no way is open.

    `open_up` are folders of ours on the way, closed to other accounts, that the account must pass through.
    """
    if os.geteuid() != 0:
        return Guise("own account")
    reach = 'test -w "$1" && test -r "$2" && test -x "$2" || { echo "no access to $1 or $2" >&2; exit 1; }'
    probe = ("sh", "-c", f'{reach}; exec "$2" --version', "probe", str(folder), str(binary))
    tried: list[str] = []
    os.chown(folder, 0, 0)
    works, said = _works((*UNSHARE, *probe))
    if works:
        return Guise("user namespace", UNSHARE)
    tried.append(said)
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        tried.append(f"there is no account {ACCOUNT}")
    else:
        for path in open_up:
            path.chmod(0o711)  # through, but not into: the secrets in it are closed themselves
        os.chown(folder, account.pw_uid, account.pw_gid)
        prefix = ("setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", "--")
        works, said = _works((*prefix, *probe))
        if works:
            return Guise(f"account {ACCOUNT}", prefix, (account.pw_uid, account.pw_gid))
        tried.append(f"as account {ACCOUNT}: {said}")
    raise Problem(
        "PostgreSQL does not run as root, and no other way is open here:\n  "
        + "\n  ".join(tried)
        + "\nOne of these helps: run the command as an ordinary user; allow user namespaces"
        " (sysctl kernel.unprivileged_userns_clone=1);\nmove the checkout out of a folder that is closed to other"
        " accounts (such as /root); set DATABASE_URL to a PostgreSQL of your own.",
        code=2,
    )
