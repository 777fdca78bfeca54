from tenants.database.rooms import RoomConfig


class StorefrontConfig(RoomConfig):
    name = "tenant_apps.storefront"
    label = "storefront"
    room = "tenant"
