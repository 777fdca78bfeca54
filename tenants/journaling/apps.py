from tenants.database.rooms import RoomConfig


class JournalingConfig(RoomConfig):
    name = "tenants.journaling"
    label = "journaling"
    room = "region"
