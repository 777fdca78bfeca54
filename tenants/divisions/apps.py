from tenants.database.rooms import RoomConfig


class DivisionsConfig(RoomConfig):
    name = "tenants.divisions"
    label = "divisions"
    room = "region"
    mall = {"Division": "SELECT"}
    relay = {"Division": "SELECT", "Supervision": "SELECT"}
