from tenants.database.rooms import RoomConfig


class ClassificationConfig(RoomConfig):
    name = "shared_apps.classification"
    label = "classification"
    room = "region"
    mall = {"ItemCategory": "SELECT", "CatalogueCategory": "SELECT", "CategoryAttribute": "SELECT"}
    relay = {"ItemCategory": "SELECT", "CatalogueCategory": "SELECT"}

    def ready(self) -> None:
        from shared_apps.classification import events  # noqa: F401  (declares them)
