from tenants.database.rooms import RoomConfig


class InsightConfig(RoomConfig):
    name = "shared_apps.insight"
    label = "insight"
    room = "region"
    relay = {"OrderFact": "SELECT, INSERT, UPDATE"}

    def ready(self) -> None:
        from shared_apps.insight import consumers, menu, restoring  # noqa: F401  # each registers what it declares
