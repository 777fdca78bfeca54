from tenants.database.rooms import RoomConfig


class OrdersConfig(RoomConfig):
    name = "tenant_apps.orders"
    label = "orders"
    room = "tenant"
    append_only = ("OrderLine", "OrderFunding", "OrderDecision", "Shipment", "AcceptanceCertificate")
    sweeper = {"Order": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.orders import events, fulfilment_menu, menu, words  # noqa: F401  # importing events declares them

        words.register()
        menu.register()
        fulfilment_menu.register()
