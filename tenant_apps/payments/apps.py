from tenants.database.rooms import RoomConfig


class PaymentsConfig(RoomConfig):
    name = "tenant_apps.payments"
    label = "payments"
    room = "tenant"
    sweeper = {"PaymentInstruction": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.payments import events, menu, words  # noqa: F401  # events declare

        words.register()
        menu.register()
