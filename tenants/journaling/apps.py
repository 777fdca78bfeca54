from tenants.database.rooms import RoomConfig


class JournalingConfig(RoomConfig):
    name = "tenants.journaling"
    label = "journaling"
    room = "region"
    relay = {"RelayCursor": "SELECT, INSERT, UPDATE", "RelayReceipt": "SELECT, INSERT"}
    sweeper = {"RelayCursor": "SELECT"}
