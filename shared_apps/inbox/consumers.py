"""What the inbox follows in the journals."""

from __future__ import annotations

from shared_apps.inbox import services
from tenants.journaling.consumers import RelayedEntry, consumer


# Every event of an order carries the same facts (tenant_apps.orders.events): each moves the thread on.
@consumer("orders.*")
def _order_moved(entry: RelayedEntry) -> None:
    services.follow_order(entry=entry)


@consumer("rulebook.version_verified")
def _rule_verified(entry: RelayedEntry) -> None:
    services.announce_rule(entry=entry)


@consumer("policies.rule_acknowledged")
def _rule_acknowledged(entry: RelayedEntry) -> None:
    services.close_rule(entry=entry)


@consumer("access.post_granted")
def _post_granted(entry: RelayedEntry) -> None:
    services.note_post_granted(entry=entry)


@consumer("access.post_ended")
def _post_ended(entry: RelayedEntry) -> None:
    services.note_post_ended(entry=entry)


@consumer("access.post_handed_over")
def _post_handed_over(entry: RelayedEntry) -> None:
    services.note_post_handed_over(entry=entry)


@consumer("access.person_invited")
def _posts_promised(entry: RelayedEntry) -> None:
    services.note_posts_promised(entry=entry)


@consumer("access.posts_claimed")
def _posts_claimed(entry: RelayedEntry) -> None:
    services.note_invitation_accepted(
        invitation_key=str(entry.facts["invitation_key"]), user_id=int(entry.facts["user_id"])
    )


@consumer("accounts.invitation_accepted")
def _invitation_accepted(entry: RelayedEntry) -> None:
    services.note_invitation_accepted(
        invitation_key=str(entry.facts["invitation_key"]), user_id=int(entry.facts["user_id"])
    )
