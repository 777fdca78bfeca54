from tenants.database.rooms import RoomConfig


class OrdersConfig(RoomConfig):
    name = "tenant_apps.orders"
    label = "orders"
    room = "tenant"
    append_only = ("OrderLine", "OrderFunding", "OrderDecision", "Shipment", "AcceptanceCertificate")
    sweeper = {"Order": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.budgets import order_numbers
        from tenant_apps.orders import (  # importing events declares them
            events,  # noqa: F401
            fulfilment_menu,
            menu,
            selectors,
            words,
        )

        words.register()
        menu.register()
        fulfilment_menu.register()
        order_numbers.register("orders", selectors.numbers_of)
