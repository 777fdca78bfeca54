"""What exchanged tables are kept for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.file_kinds import CSV, XLSX
from kernel.spreadsheets import LARGE_FILE_BYTES_MAX
from tenants.journaling.files import PURPOSES, FilePurpose, of_the_same_organisation

TABLE = PURPOSES.register(
    "exchange.table",
    FilePurpose(
        "exchange.table",
        _("Table for bulk import"),
        frozenset({XLSX.word, CSV.word}),
        of_the_same_organisation,
        LARGE_FILE_BYTES_MAX,
    ),
)
