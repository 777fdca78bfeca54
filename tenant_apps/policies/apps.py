from tenants.database.rooms import RoomConfig


class PoliciesConfig(RoomConfig):
    name = "tenant_apps.policies"
    label = "policies"
    room = "tenant"
