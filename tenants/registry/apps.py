from tenants.database.rooms import RoomConfig


class RegistryConfig(RoomConfig):
    name = "tenants.registry"
    label = "registry"
    room = "region"
    mall = {"Tenant": "SELECT", "Domain": "SELECT"}
    relay = {"Tenant": "SELECT, UPDATE (state, live_at)"}
    sweeper = {"Tenant": "SELECT"}
