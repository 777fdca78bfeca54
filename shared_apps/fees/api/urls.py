from django.urls import path

from shared_apps.fees.api import views, whatif, years
from shared_apps.fees.api.statement_urls import urlpatterns as statement_addresses

app_name = "fees_api"
urlpatterns = [
    path("fees/overview/", years.OverviewView.as_view(), name="overview"),
    path("fees/malls/<str:tenant>/", years.MallYearView.as_view(), name="mall"),
    path("fees/malls/<str:tenant>/budget/", years.SetBudgetView.as_view(), name="set_budget"),
    path("fees/malls/<str:tenant>/subscription/", years.SubscriptionView.as_view(), name="subscription"),
    path("fees/malls/<str:tenant>/shares/", years.SharesView.as_view(), name="shares"),
    path("fees/malls/<str:tenant>/shares/enter/", years.EnterSharesView.as_view(), name="enter_shares"),
    path("fees/shares/<int:rule_id>/withdraw/", years.WithdrawSharesView.as_view(), name="withdraw_shares"),
    path("fees/months/", views.MonthsView.as_view(), name="months"),
    *statement_addresses,
    path("fees/statements/<str:tenant>/<str:month>/", views.StatementView.as_view(), name="statement"),
    path("fees/tariffs/", views.TariffsView.as_view(), name="tariffs"),
    path("fees/tariffs/enter/", views.EnterTariffView.as_view(), name="enter_tariff"),
    path("fees/tariffs/compare/", whatif.CompareView.as_view(), name="compare_tariffs"),
    path("fees/tariffs/<int:version>/", views.TariffView.as_view(), name="tariff"),
    path("fees/tariffs/<int:version>/verify/", views.VerifyTariffView.as_view(), name="verify_tariff"),
    path("fees/tariffs/<int:version>/withdraw/", views.WithdrawTariffView.as_view(), name="withdraw_tariff"),
]
