"""Writing down what happened to a proposal: who, when, why. Inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from shared_apps.products.models import Brand, Product, ProductCertificate, ReviewStep, Spu

Thing = Brand | Spu | Product | ProductCertificate
_COLUMNS: dict[type, str] = {Brand: "brand", Spu: "spu", Product: "product", ProductCertificate: "certificate"}


def add_step(thing: Thing, *, actor: Actor, action: str, now: datetime, reason: str = "") -> None:
    """One step; the journal's row is the caller's."""
    places = [place.organisation_name for place in actor.belongs]
    ReviewStep.objects.create(
        **{_COLUMNS[type(thing)]: thing},
        action=action,
        version=thing.version,
        reason=reason,
        by_id=actor.user_id,
        by_name=actor.name,
        organisation_name=(places[0] if places else "")[:120],
        at=now,
    )
