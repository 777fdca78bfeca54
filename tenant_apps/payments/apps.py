from tenants.database.rooms import RoomConfig


class PaymentsConfig(RoomConfig):
    name = "tenant_apps.payments"
    label = "payments"
    room = "tenant"
