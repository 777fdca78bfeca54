"""The one file of a request."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kernel.file_kinds import FileRefused
from kernel.problems import InvalidInput

# The largest that any purpose takes.
FILE_BYTES_MAX = 20 * 1024 * 1024


def one_file(request: HttpRequest, *, field: str = "file", bytes_max: int = FILE_BYTES_MAX) -> tuple[str, bytes]:
    """Name and content, read only when it is not too large. Raises InvalidInput and FileRefused."""
    files = request.FILES.getlist(field)
    if len(files) != 1 or set(request.FILES) != {field}:
        raise InvalidInput(errors={field: [_("Choose one file.")]})
    if (files[0].size or 0) > bytes_max:
        raise FileRefused("too-large")
    return str(files[0].name), bytes(files[0].read())
