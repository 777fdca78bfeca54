"""What packages are kept for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.file_kinds import XLSX
from kernel.spreadsheets import LARGE_FILE_BYTES_MAX
from tenants.journaling.files import PURPOSES, FilePurpose, of_the_same_organisation

PACKAGE = PURPOSES.register(
    "takeover.package",
    FilePurpose(
        "takeover.package",
        _("Package of open orders"),
        frozenset({XLSX.word}),
        of_the_same_organisation,
        LARGE_FILE_BYTES_MAX,
    ),
)
