"""Taking away objects that have no row."""

from __future__ import annotations

import logging
import shutil

from celery import shared_task
from django.db import DatabaseError

from kernel.clock import utc_now
from shared_apps.region_files.services import sweep_orphans as sweep_region
from tenant_apps.files.services import sweep_orphans
from tenants.database.context import tenant_selected
from tenants.journaling import file_store
from tenants.journaling.file_store import REGION_ROOM
from tenants.journaling.files import ORPHAN_AFTER
from tenants.registry.selectors import tenant_names

logger = logging.getLogger(__name__)


@shared_task(name="files.sweep", ignore_result=True)
def sweep_all() -> int:
    """One room after the other, each by its own login; one that fails waits for the next night."""
    now = utc_now()
    total = sweep_region(now=now)
    known = tenant_names()
    for room in file_store.rooms_on_disk():
        if room in known:
            try:
                with tenant_selected(room):
                    total += sweep_orphans(now=now)
            except DatabaseError:
                logger.exception("the files of %s were not swept", room)
        elif room != REGION_ROOM:
            total += _sweep_folder(room)
    return total


def _sweep_folder(room: str) -> int:
    """The folder of a mall that is no more (a practice mall thrown away), once all of it is a day old."""
    found = list(file_store.objects_in(room))
    newest = max((changed for _key, changed, _path in found), default=0.0)
    if newest >= (utc_now() - ORPHAN_AFTER).timestamp():
        return 0
    shutil.rmtree(file_store.room_folder(room))
    return len(found)
