from tenants.database.rooms import RoomConfig


class RegistryConfig(RoomConfig):
    name = "tenants.registry"
    label = "registry"
    room = "region"
    mall = {"Tenant": "SELECT", "Domain": "SELECT"}
    relay = {"Tenant": "SELECT"}
    sweeper = {"Tenant": "SELECT"}
