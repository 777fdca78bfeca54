from tenants.database.rooms import RoomConfig


class RegionFilesConfig(RoomConfig):
    name = "shared_apps.region_files"
    label = "region_files"
    room = "region"
