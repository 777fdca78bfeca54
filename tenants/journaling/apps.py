from tenants.database.rooms import RoomConfig


class JournalingConfig(RoomConfig):
    name = "tenants.journaling"
    label = "journaling"
    room = "region"
    append_only = ("LostEntry",)
    relay = {"RelayCursor": "SELECT, INSERT, UPDATE", "RelayReceipt": "SELECT, INSERT", "LostEntry": "SELECT"}
    sweeper = {"RelayCursor": "SELECT"}
