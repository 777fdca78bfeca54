from tenants.database.rooms import RoomConfig


class ExchangeConfig(RoomConfig):
    name = "shared_apps.exchange"
    label = "exchange"
    room = "region"
    relay = {
        # Queues what webhooks are told; sending is the worker's.
        "Webhook": "SELECT (id, organisation_id, supplier_id, supplier_code, state, events)",
        "Delivery": "SELECT (id), INSERT",
    }

    def ready(self) -> None:
        # Each registers what it declares.
        from shared_apps.exchange import consumers, events, menu, purposes, restoring, todo, words  # noqa: F401
        from shared_apps.exchange.kinds import offers, products, suppliers  # noqa: F401
