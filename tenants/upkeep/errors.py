"""Why a file is not taken, or a tenant not restored: refusals shared by the services."""

from __future__ import annotations

from kernel.problems import Conflict


class DumpDamaged(Conflict):
    """The file is not whole, or not one of ours: nothing of it is used."""

    code = "dump-damaged"


class DumpNotTrusted(Conflict):
    """The seal does not fit: the file was written under another secret, or changed by somebody without it."""

    code = "dump-not-trusted"


class DumpOfAnotherTenant(Conflict):
    code = "dump-of-another-tenant"


class DumpTooNew(Conflict):
    """The file holds migrations that this code does not know."""

    code = "dump-too-new"


class DumpKeyMissing(Conflict):
    """The file is encrypted, and no key file was named; or a dump was asked for that would be in clear."""

    code = "dump-key-missing"


class DumpKeyWrong(Conflict):
    """The key file holds another pass phrase than the one the file was encrypted with."""

    code = "dump-key-wrong"


class DumpKeyUnfit(Conflict):
    """The key file cannot be read, is open to others, or holds too short a pass phrase."""

    code = "dump-key-unfit"
