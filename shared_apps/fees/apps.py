from tenants.database.rooms import RoomConfig


class FeesConfig(RoomConfig):
    """A mall reads the tariff it accepts, never what another mall has used."""

    name = "shared_apps.fees"
    label = "fees"
    room = "region"
    append_only = (
        "AcceptedTariff",
        "ApiHour",
        "BudgetWarning",
        "CostShare",
        "FeeBudget",
        "FeePeriod",
        "FeeReceipt",
        "StatementLine",
        "StatementShare",
        "StatementUse",
        "UsageEvent",
    )
    mall = {
        "TariffVersion": (
            "SELECT (id, version, name, valid_from, document_number, is_demo, verified_at, notice_days,"
            " monthly_minimum, monthly_cap, superseded_by_id)"
        ),
        "TariffLine": "SELECT",
        "TariffBundle": "SELECT",
        "TariffDiscount": "SELECT",
    }
    relay = {"UsageEvent": "SELECT, INSERT", "AcceptedTariff": "SELECT, INSERT"}

    def ready(self) -> None:
        from django.core.checks import register

        from shared_apps.fees import (  # noqa: F401  # each registers what it declares
            accepting,
            consumers,
            events,
            exporting,
            menu,
            meters,
            published,
            statement_exporting,
            statement_todo,
            statement_words,
            todo,
            words,
            year_words,
        )
        from shared_apps.fees.checks import check_meters

        register(check_meters)
