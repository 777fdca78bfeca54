from tenants.database.rooms import RoomConfig


class EvaluationsConfig(RoomConfig):
    name = "tenant_apps.evaluations"
    label = "evaluations"
    room = "tenant"
    append_only = ("IndicatorSet", "Evaluation")

    def ready(self) -> None:
        from tenant_apps.evaluations import events, menu, words  # noqa: F401  # events declare

        words.register()
        menu.register()
