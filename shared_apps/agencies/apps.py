from tenants.database.rooms import RoomConfig


class AgenciesConfig(RoomConfig):
    name = "shared_apps.agencies"
    label = "agencies"
    room = "region"
