"""The life of an import. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from kernel.authentication import CATALOGUE_SCOPE, PAPERS_SCOPE
from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post

# A run says that it lives with every chunk; when it has been silent for so long another takes the import up.
LEASE = timedelta(seconds=60)
# A wake-up that nobody followed is repeated by the sweep.
WAKE_UP = timedelta(seconds=20)
RUNS_MAX = 20
# One chunk is one transaction with its journal row: a longer one would hold the journal's relay back.
CHUNK_ROWS = 2000
ROWS_MAX = 100_000
COLUMNS_MAX = 40
# Read and stored at once, in the request that asks for it.
SMALL_BYTES_MAX = 200 * 1024
SMALL_ROWS_MAX = 500
ANNOTATED_ROWS_MAX = 2000
KEPT_DAYS = 90


class ImportState(StrEnum):
    RECEIVED = "received"
    READING = "reading"
    UNREADABLE = "unreadable"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What a row does, by the preview; `refused` is the database's last word while the import runs."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"
    REFUSED = "refused"


S = ImportState
SELLERS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
LIBRARIANS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})
# Who may open an import at all; which kinds and whose rows is the kind's to say.
IMPORTERS = SELLERS | LIBRARIANS

ENDED = (S.UNREADABLE, S.DONE, S.CANCELLED)
IMPORT_LIFECYCLE = Lifecycle(
    name="import",
    states=ImportState,
    initial=S.RECEIVED,
    terminal=ENDED,
    transitions=(
        Transition(action="read", sources=(S.RECEIVED,), target=S.READING, posts=(None,)),
        Transition(action="refuse", sources=(S.READING,), target=S.UNREADABLE, posts=(None,)),
        Transition(action="check", sources=(S.READING,), target=S.CHECKED, posts=(None,)),
        Transition(action="confirm", sources=(S.CHECKED,), target=S.RUNNING, posts=IMPORTERS),
        Transition(action="finish", sources=(S.RUNNING,), target=S.DONE, posts=(None,)),
        Transition(
            action="cancel", sources=(S.RECEIVED, S.READING, S.CHECKED, S.RUNNING), target=S.CANCELLED, posts=IMPORTERS
        ),
    ),
)
AT_WORK = (S.RECEIVED, S.READING, S.RUNNING)

# -- API tokens ----------------------------------------------------------------------------------------------------
SCOPES = (CATALOGUE_SCOPE, PAPERS_SCOPE)
# The one post a token holds on the routes of its scope.
POST_OF_SCOPE = {CATALOGUE_SCOPE: Post.SUPPLIER_SALES, PAPERS_SCOPE: Post.SUPPLIER_ADMIN}
ROWS_A_PAGE = 500
TOKEN_PREFIX = "yzt_"  # noqa: S105  # how every token begins
TOKENS_MAX = 10
TOKEN_DAYS_MAX = 365
TOKEN_ADDRESSES_MAX = 20
# Calls of one token in a minute: a thousand rows each.
TOKEN_CALLS_PER_MINUTE = 60
SYNC_ROWS_MAX = 1000
SYNC_KEYS_MAX = 20_000
# A token's last use is written down at most so often.
USE_NOTED_EVERY = timedelta(minutes=1)


# -- webhooks ------------------------------------------------------------------------------------------------------
class WebhookState(StrEnum):
    ACTIVE = "active"
    # After days of failures; the supplier may set it going again.
    DISABLED = "disabled"
    REMOVED = "removed"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    ARRIVED = "arrived"
    FAILED = "failed"


WEBHOOKS_MAX = 5
WEBHOOK_PORTS = frozenset({443, 8443})
SIGNATURE_HEADER = "X-Yizhang-Signature"
# Waits between attempts; after the last one the delivery has failed, and may be sent again from the page.
RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400))
DISABLED_AFTER = timedelta(days=3)
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
ANSWER_BYTES_MAX = 64 * 1024
# A sender that died is thought dead after so long.
DELIVERY_LEASE = timedelta(seconds=60)
