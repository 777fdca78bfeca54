from tenants.database.rooms import RoomConfig


class ApprovalsConfig(RoomConfig):
    name = "tenant_apps.approvals"
    label = "approvals"
    room = "tenant"
