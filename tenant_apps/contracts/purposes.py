"""Documents of contracts: read by whoever reads the contract."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from tenants.journaling.files import PURPOSES, FilePurpose, FileView


def _may_read(actor: Actor, file: FileView) -> bool:
    from tenant_apps.contracts.selectors import is_document_for

    return is_document_for(actor=actor, key=file.key)


DOCUMENT = PURPOSES.register(
    "contracts.document",
    FilePurpose("contracts.document", _("Contract"), PAPERS, _may_read),
)
