"""The meters of the region's own list. An app whose events count registers its further ones itself, at start.

An order is metered once, when it is placed: approved, with its budget frozen. Levels (bytes kept, modules open, the
mall live) are raised and lowered by events; what they stood at when a month began comes from the months before.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.events import declared
from kernel.meters import ANY_EVENT, OF_OBJECT, Counting, Meter, Source, register_meter

ORDERS_PLACED = "orders_placed"
ORDER_VALUE = "order_value"
ACTIVE_USERS = "active_users"
STORAGE = "storage"
MESSAGES = "messages"
API_CALLS = "api_calls"
MALL_LIVE = "mall_live"

BYTES_PER_GB = Decimal(10**9)
# What modules that are not built yet are to tell, by the names of the founding design. Nothing counts them until then.
AWAITED_EVENTS = frozenset({"inquiries.published", "auctions.published", "experts.drawn"})

_ORDER_FACTS = ("order_number", "unit_name", "supplier_name", "total")
_MODULES: dict[str, Promise] = {
    "online_supermarket": _("Module open: online supermarket"),
    "agreement_supply": _("Module open: agreement supply"),
    "designated_service": _("Module open: designated services"),
    "online_inquiry": _("Module open: online inquiry"),
    "reverse_auction": _("Module open: reverse auction"),
}


def module_meter(module: str) -> str:
    """The meter of the days on which a module was open."""
    return f"module_{module}"


def is_told(meter: Meter) -> bool:
    """Whether there is an event yet that counts on the meter."""
    names = {event.name for event in declared()}
    return any(source.event == ANY_EVENT or source.event in names for source in meter.sources)


register_meter(
    Meter(ORDERS_PLACED, _("Orders placed"), _("orders"), (Source("orders.approved"),), shown_facts=_ORDER_FACTS)
)
register_meter(
    Meter(
        ORDER_VALUE,
        _("Value of orders placed"),
        _("yuan"),
        (Source("orders.approved", fact="total"),),
        is_money=True,
        shown_facts=_ORDER_FACTS,
    )
)
register_meter(Meter("inquiries", _("Inquiries published"), _("inquiries"), (Source("inquiries.published"),)))
register_meter(Meter("auctions", _("Auctions published"), _("auctions"), (Source("auctions.published"),)))
register_meter(Meter("draws", _("Expert draws"), _("draws"), (Source("experts.drawn", tenant_fact="tenant_code"),)))
# Who did anything in the mall: its own people, suppliers at its orders, region staff.
register_meter(Meter(ACTIVE_USERS, _("Active users"), _("people"), (Source(ANY_EVENT),), counting=Counting.DISTINCT))
# Files are append-only: nothing of a mall takes one away.
register_meter(
    Meter(
        STORAGE,
        _("Storage"),
        _("GB-months"),
        (Source("files.stored", fact="size_bytes"),),
        counting=Counting.LEVEL,
        scale=BYTES_PER_GB,
        shown_facts=("purpose", "kind"),
    )
)
register_meter(
    Meter(
        MESSAGES,
        _("Messages sent"),
        _("messages"),
        (Source("messaging.delivery_sent", tenant_fact="tenant_code"),),
        shown_facts=("number", "channel"),
    )
)
register_meter(
    Meter(
        API_CALLS,
        _("Calls of programs"),
        _("calls"),
        (Source("fees.api_hour_told", fact="calls", tenant_fact="tenant_code", moment_fact="hour"),),
        shown_facts=("hour",),
    )
)
for _module, _label in _MODULES.items():
    register_meter(
        Meter(
            module_meter(_module),
            _label,
            _("months"),
            (
                Source("policies.module_opened", where=(("module", _module),)),
                Source("policies.module_closed", sign=-1, where=(("module", _module),)),
            ),
            counting=Counting.LEVEL,
            by_day=True,
        )
    )
# Suspended and archived malls are not live; whether one was before it was suspended its states tell.
register_meter(
    Meter(
        MALL_LIVE,
        _("Mall live"),
        _("months"),
        (
            Source("policies.went_live"),
            Source("fleet.tenant_suspended", sign=-1, where=(("before", "live"),), tenant_fact=OF_OBJECT),
            Source("fleet.tenant_archived", sign=-1, where=(("before", "live"),), tenant_fact=OF_OBJECT),
            Source("fleet.tenant_resumed", where=(("after", "live"),), tenant_fact=OF_OBJECT),
        ),
        counting=Counting.LEVEL,
        by_day=True,
    )
)
