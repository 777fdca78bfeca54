from tenants.database.rooms import RoomConfig


class ContractsConfig(RoomConfig):
    name = "tenant_apps.contracts"
    label = "contracts"
    room = "tenant"
    append_only = ("ContractDocument", "ContractRule", "SupplementOrder")
    sweeper = {"Signature": "SELECT (id, next_due_at)", "Announcement": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.contracts import events, menu, needing, purposes, words  # noqa: F401  # importing declares

        words.register()
        menu.register()
        needing.register()
