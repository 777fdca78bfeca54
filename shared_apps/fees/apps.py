from tenants.database.rooms import RoomConfig


class FeesConfig(RoomConfig):
    name = "shared_apps.fees"
    label = "fees"
    room = "region"
