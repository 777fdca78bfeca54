from tenants.database.rooms import RoomConfig


class CommitmentsConfig(RoomConfig):
    name = "tenant_apps.commitments"
    label = "commitments"
    room = "tenant"

    def ready(self) -> None:
        from tenant_apps.commitments import (  # noqa: F401  # registering is what they are imported for
            events,
            menu,
            purposes,
            words,
        )
