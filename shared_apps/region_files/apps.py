from tenants.database.rooms import RoomConfig


class RegionFilesConfig(RoomConfig):
    name = "shared_apps.region_files"
    label = "region_files"
    room = "region"
    append_only = ("RegionFile",)

    def ready(self) -> None:
        from shared_apps.region_files import events, purposes  # noqa: F401  # each registers what it declares
