from tenants.database.rooms import RoomConfig


class InboxConfig(RoomConfig):
    name = "shared_apps.inbox"
    label = "inbox"
    room = "region"
    relay = {
        "InboxItem": "SELECT, INSERT, UPDATE",
        "PostHeld": "SELECT, INSERT, UPDATE, DELETE",
    }

    def ready(self) -> None:
        from shared_apps.inbox import (  # noqa: F401  # each registers what it declares
            consumers,
            exporting,
            menu,
            restoring,
            words,
        )
