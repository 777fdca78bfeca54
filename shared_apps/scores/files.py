"""Papers that suppliers send along with an appeal: read by who sent them, their colleagues and who decides."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import KINDS
from shared_apps.scores.rules import DECIDERS
from tenants.journaling.files import PURPOSES, FilePurpose, FileView, of_the_same_organisation


def _may_read(actor: Actor, file: FileView) -> bool:
    return bool(actor.posts & DECIDERS) or of_the_same_organisation(actor, file)


APPEAL = PURPOSES.register(
    "scores.appeal", FilePurpose("scores.appeal", _("Paper to an appeal"), frozenset(KINDS), _may_read)
)
