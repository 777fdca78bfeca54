from tenants.database.rooms import RoomConfig


class FleetConfig(RoomConfig):
    name = "shared_apps.fleet"
    label = "fleet"
    room = "region"

    def ready(self) -> None:
        from shared_apps.fleet import events  # noqa: F401  # each registers what it declares
