from tenants.database.rooms import RoomConfig


class StorefrontConfig(RoomConfig):
    name = "tenant_apps.storefront"
    label = "storefront"
    room = "tenant"

    def ready(self) -> None:
        from tenant_apps.storefront import events, items, wording  # noqa: F401  (declare and register)
