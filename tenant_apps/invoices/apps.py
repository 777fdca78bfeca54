from tenants.database.rooms import RoomConfig


class InvoicesConfig(RoomConfig):
    name = "tenant_apps.invoices"
    label = "invoices"
    room = "tenant"
    append_only = ("RedInvoice", "InvoiceRule")
    sweeper = {"Invoice": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.invoices import events, menu, needing, words  # noqa: F401  # importing events declares them

        words.register()
        menu.register()
        needing.register()
