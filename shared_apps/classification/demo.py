"""The catalogue is the same for the demonstration and for real work."""

from datetime import datetime

from kernel.actor import SYSTEM
from shared_apps.classification.selectors import forget
from shared_apps.classification.services import load_catalogue


def load(now: datetime) -> None:
    load_catalogue(actor=SYSTEM, now=now)
    forget()
