from tenants.database.rooms import RoomConfig


class BudgetsConfig(RoomConfig):
    name = "tenant_apps.budgets"
    label = "budgets"
    room = "tenant"
