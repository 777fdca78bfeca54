"""Papers that the parties of a dispute send along: read by both parties and by those who mediate and supervise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from tenants.journaling.files import PURPOSES, FilePurpose, FileView


def _may_read(actor: Actor, file: FileView) -> bool:
    from tenant_apps.disputes.selectors import is_paper_for

    return is_paper_for(actor=actor, key=file.key)


PAPER = PURPOSES.register(
    "disputes.paper",
    FilePurpose("disputes.paper", _("Paper to a dispute"), PAPERS, _may_read),
)
