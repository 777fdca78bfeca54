"""What the inbox follows in the journals."""

from __future__ import annotations

from functools import wraps

from shared_apps.inbox import bureau, cancelling, rating, services, told
from shared_apps.inbox.contract_due import follow_contract_due
from tenants.journaling.consumers import Handler, RelayedEntry, consumer
from tenants.registry.selectors import is_practice


def _of_real_malls(handler: Handler) -> Handler:
    """Nobody has anything to do because of a practice order, suppliers least of all."""

    @wraps(handler)
    def heard(entry: RelayedEntry) -> None:
        if not is_practice(code=entry.tenant):
            handler(entry)

    return heard


# Every event of an order carries the same facts (tenant_apps.orders.events): each moves the thread on.
@consumer("orders.*")
@_of_real_malls
def _order_moved(entry: RelayedEntry) -> None:
    told.moved(entry, services.follow_order(entry=entry))
    services.close_beside(entry=entry)
    rating.follow_rating(entry=entry)
    asked = cancelling.follow_cancellation(entry=entry)
    if asked is not None:
        told.moved(entry, asked)


@consumer(rating.RATING_GIVEN)
@_of_real_malls
def _rating_given(entry: RelayedEntry) -> None:
    rating.follow_rating(entry=entry)


@consumer("bargains.*")
@_of_real_malls
def _bargain_moved(entry: RelayedEntry) -> None:
    told.moved(entry, services.follow_bargain(entry=entry))


@_of_real_malls
def _filed(entry: RelayedEntry) -> None:
    told.moved(entry, bureau.follow_filed(entry=entry))


for _event in bureau.EVENTS:
    consumer(_event)(_filed)


# The texts of a contract move its thread on; a signature on its way to the signature service moves nothing.
CONTRACTS = tuple(
    f"contracts.{name}"
    for name in ("drafted", "offered", "superseded", "withdrawn", "part_signed", "signed", "published", "filed")
)


@_of_real_malls
def _contract_moved(entry: RelayedEntry) -> None:
    told.moved(entry, services.follow_contract(entry=entry))
    follow_contract_due(entry=entry)


for _event in CONTRACTS:
    consumer(_event)(_contract_moved)


# The sending of an instruction moves nobody's to-do.
INTEREST = tuple(
    f"payments.interest_{name}"
    for name in ("asked", "approved", "rejected", "withdrawn", "asked_again", "paid", "failed")
)


@_of_real_malls
def _interest_moved(entry: RelayedEntry) -> None:
    told.moved(entry, services.follow_interest(entry=entry))


for _event in INTEREST:
    consumer(_event)(_interest_moved)


TERMS = tuple(f"payments.term_{name}" for name in ("asked", "agreed", "refused"))


@_of_real_malls
def _term_moved(entry: RelayedEntry) -> None:
    told.moved(entry, services.follow_term(entry=entry))


for _event in TERMS:
    consumer(_event)(_term_moved)


@consumer("rulebook.version_verified")
def _rule_verified(entry: RelayedEntry) -> None:
    for move in services.announce_rule(entry=entry):
        told.moved(entry, move)


@consumer("policies.rule_acknowledged")
@_of_real_malls
def _rule_acknowledged(entry: RelayedEntry) -> None:
    services.close_rule(entry=entry)


def _posts_claimed(entry: RelayedEntry) -> None:
    services.note_invitation_accepted(
        invitation_key=str(entry.facts["invitation_key"]), user_id=int(entry.facts["user_id"])
    )


# What a mall's journal says of posts: followed as it comes, and read again when the mall is set back.
POSTS: dict[str, Handler] = {
    "access.post_granted": _of_real_malls(lambda entry: services.note_post_granted(entry=entry)),
    "access.post_lent": _of_real_malls(lambda entry: services.note_post_granted(entry=entry)),
    "access.post_ended": _of_real_malls(lambda entry: services.note_post_ended(entry=entry)),
    "access.post_handed_over": _of_real_malls(lambda entry: services.note_post_handed_over(entry=entry)),
    "access.person_invited": _of_real_malls(lambda entry: services.note_posts_promised(entry=entry)),
    "access.posts_claimed": _of_real_malls(_posts_claimed),
}
for _event, _handler in POSTS.items():
    consumer(_event)(_handler)


@consumer("accounts.invitation_accepted")
def _invitation_accepted(entry: RelayedEntry) -> None:
    services.note_invitation_accepted(
        invitation_key=str(entry.facts["invitation_key"]), user_id=int(entry.facts["user_id"])
    )
