from tenants.database.rooms import RoomConfig


class AccessConfig(RoomConfig):
    name = "tenant_apps.access"
    label = "access"
    room = "tenant"
    append_only = ("PairChoice",)
    sweeper = {"PostHolding": "SELECT (next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.access import events, menu  # noqa: F401  # each registers what it declares
