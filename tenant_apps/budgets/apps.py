from tenants.database.rooms import RoomConfig


class BudgetsConfig(RoomConfig):
    name = "tenant_apps.budgets"
    label = "budgets"
    room = "tenant"
    append_only = ("BudgetEntry",)
    sweeper = {"AwaitedUnit": "SELECT (next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.budgets import consumers, events, menu, words  # noqa: F401  # registering is what they are imported for
