"""Files of registrations: never public; the agency's own people and the region's desk open them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from shared_apps.agencies.permissions import DESK
from tenants.journaling.files import PURPOSES, FilePurpose, FileView, of_the_same_organisation


def _may_read(actor: Actor, file: FileView) -> bool:
    return bool(actor.posts & DESK) or of_the_same_organisation(actor, file)


REGISTRATION_FILE = PURPOSES.register(
    "agencies.registration", FilePurpose("agencies.registration", _("Registration of an agency"), PAPERS, _may_read)
)
