"""Files of decisions. What the public list names, every signed-in person may read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import KINDS
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.reach import keeps
from tenants.journaling.files import PURPOSES, FilePurpose, FileView


def _may_read(actor: Actor, file: FileView) -> bool:
    row = (
        Sanction.objects.filter(Q(decision_file=file.key) | Q(lift_file=file.key))
        .values_list("put_in_force_at", "level")
        .first()
    )
    return row is not None and (row[0] is not None or keeps(actor, row[1]))


DECISION = PURPOSES.register(
    "sanctions.decision",
    FilePurpose("sanctions.decision", _("Decision on a ban"), frozenset(KINDS) - {"xlsx"}, _may_read),
)
