from tenants.database.rooms import RoomConfig


class UpkeepConfig(RoomConfig):
    name = "tenants.upkeep"
    label = "upkeep"
    room = "region"

    def ready(self) -> None:
        from tenants.upkeep import events  # noqa: F401  # declares them
