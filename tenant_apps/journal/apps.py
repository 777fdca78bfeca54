from tenants.database.rooms import RoomConfig


class JournalConfig(RoomConfig):
    name = "tenant_apps.journal"
    label = "journal"
    room = "tenant"
    append_only = ("JournalEntry",)
    relay = {"JournalEntry": "SELECT"}
    sweeper = {"JournalEntry": "SELECT (id, xid, epoch, at)"}
