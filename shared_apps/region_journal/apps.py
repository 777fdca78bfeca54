from tenants.database.rooms import RoomConfig


class RegionJournalConfig(RoomConfig):
    name = "shared_apps.region_journal"
    label = "region_journal"
    room = "region"
    append_only = ("RegionJournalEntry",)
    relay = {"RegionJournalEntry": "SELECT"}
    sweeper = {"RegionJournalEntry": "SELECT (id, xid, epoch, at)"}
