from tenants.database.rooms import RoomConfig


class ClassificationConfig(RoomConfig):
    name = "shared_apps.classification"
    label = "classification"
    room = "region"
    append_only = ("ItemImport", "AttributeVersion")
    mall = {"ItemCategory": "SELECT", "CatalogueCategory": "SELECT", "CategoryAttribute": "SELECT"}
    relay = {"ItemCategory": "SELECT", "CatalogueCategory": "SELECT"}

    def ready(self) -> None:
        from shared_apps.classification import events, wording  # noqa: F401  (declare and register)
