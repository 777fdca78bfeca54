from tenants.database.rooms import RoomConfig


class SupermarketConfig(RoomConfig):
    name = "tenant_apps.supermarket"
    label = "supermarket"
    room = "tenant"

    def ready(self) -> None:
        from tenant_apps.supermarket import words

        words.register()
