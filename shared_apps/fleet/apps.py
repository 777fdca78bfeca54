from tenants.database.rooms import RoomConfig


class FleetConfig(RoomConfig):
    name = "shared_apps.fleet"
    label = "fleet"
    room = "region"
