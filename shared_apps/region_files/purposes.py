"""The purpose that the region has. Apps declare their own beside it, at start, with their own readers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.file_kinds import KINDS
from tenants.journaling.files import PURPOSES, FilePurpose, of_the_same_organisation

ATTACHMENT = PURPOSES.register(
    "region_files.attachment",
    FilePurpose("region_files.attachment", _("Attachment"), frozenset(KINDS), of_the_same_organisation),
)
