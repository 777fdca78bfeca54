"""What suppliers' files are kept for, and who opens them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from kernel.posts import Post
from shared_apps.suppliers.models import ApplicationDocument, Qualification
from shared_apps.suppliers.permissions import collecting_codes
from tenants.journaling.files import PURPOSES, FilePurpose, FileView, of_the_same_organisation


def _may_read(actor: Actor, file: FileView) -> bool:
    """The supplier's own people, region staff and auditors, and the level that vets or vetted it."""
    if of_the_same_organisation(actor, file) or actor.posts & {Post.REGION_SUPERVISOR, Post.AUDITOR}:
        return True
    codes = collecting_codes(actor)
    if (
        codes
        and ApplicationDocument.objects.filter(file_key=file.key, application__collecting_code__in=codes)
        .exclude(application__submitted_at=None)
        .exists()
    ):
        return True
    organisations = [place.organisation_id for place in actor.belongs]
    return bool(
        organisations
        and Qualification.objects.filter(file_key=file.key, supplier__organisation_id__in=organisations).exists()
    )


_NAME = "suppliers.document"
DOCUMENT = PURPOSES.register(_NAME, FilePurpose(_NAME, _("Licence or qualification"), PAPERS, _may_read))
