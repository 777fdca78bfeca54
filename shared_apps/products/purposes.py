"""What files of the library are kept for, and who opens them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from shared_apps.products.permissions import REVIEW_READERS
from shared_apps.products.rules.images import SIZE_BYTES_MAX
from shared_apps.products.services.images import PURPOSE
from tenants.journaling.files import PURPOSES, FilePurpose, FileView, of_the_same_organisation


def _may_read(actor: Actor, file: FileView) -> bool:
    """The proposing supplier's people and the reviewers; a picture is shown to others by `pictures.image_response`."""
    return bool(actor.posts & REVIEW_READERS) or of_the_same_organisation(actor, file)


IMAGE = PURPOSES.register(
    PURPOSE,
    FilePurpose(
        PURPOSE, _("Picture of a product"), frozenset({"png", "jpeg"}), _may_read, size_bytes_max=SIZE_BYTES_MAX
    ),
)
CERTIFICATE = PURPOSES.register(
    "products.certificate",
    FilePurpose("products.certificate", _("Certificate"), PAPERS, _may_read),
)
