from tenants.database.rooms import RoomConfig


class BudgetSystemConfig(RoomConfig):
    name = "tenant_apps.budget_system"
    label = "budget_system"
    room = "tenant"
    sweeper = {"BudgetReport": "SELECT (next_due_at)"}

    def ready(self) -> None:
        from tenant_apps.budget_system import events, outbox, words  # noqa: F401  # registering is what they are for

        outbox.register()
