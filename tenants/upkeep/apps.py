from tenants.database.rooms import RoomConfig


class UpkeepConfig(RoomConfig):
    name = "tenants.upkeep"
    label = "upkeep"
    room = "region"
