from tenants.database.rooms import RoomConfig


class TakeoverConfig(RoomConfig):
    name = "tenant_apps.takeover"
    label = "takeover"
    room = "tenant"
    append_only = ("TakenOrder", "TakenLine")
    sweeper = {"Takeover": "SELECT (id, next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.takeover import (  # noqa: F401  # each registers what it declares
            events,
            menu,
            origin,
            purposes,
            words,
        )
