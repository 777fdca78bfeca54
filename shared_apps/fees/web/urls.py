from django.urls import path

from shared_apps.fees.web import malls, overview, shares, tariffs, views, whatif
from shared_apps.fees.web.reconciliation_urls import urlpatterns as reconciliation_addresses
from shared_apps.fees.web.statement_urls import urlpatterns as statement_addresses

app_name = "fees"
urlpatterns = [
    path("fees/", overview.first_page, name="overview"),
    path("fees/table.csv", overview.overview_csv, name="overview_csv"),
    path("fees/workbook.xlsx", overview.overview_xlsx, name="overview_xlsx"),
    path("fees/malls/<str:tenant>/", malls.mall, name="mall"),
    path("fees/malls/<str:tenant>/table.csv", malls.mall_csv, name="mall_csv"),
    path("fees/malls/<str:tenant>/workbook.xlsx", malls.mall_xlsx, name="mall_xlsx"),
    path("fees/malls/<str:tenant>/budget/", malls.budget, name="set_budget"),
    path("fees/malls/<str:tenant>/subscription/", malls.subscribed, name="subscription"),
    path("fees/malls/<str:tenant>/shares/", shares.shares, name="shares"),
    path("fees/malls/<str:tenant>/shares/enter/", shares.enter, name="enter_shares"),
    path("fees/shares/<int:rule_id>/withdraw/", shares.withdraw, name="withdraw_shares"),
    path("fees/months/", views.months, name="months"),
    *reconciliation_addresses,
    *statement_addresses,
    path("fees/statements/<str:tenant>/<str:month>/", views.statement, name="statement"),
    path("fees/statements/<str:tenant>/<str:month>/table.csv", views.export, name="export"),
    path("fees/tariffs/", tariffs.tariffs, name="tariffs"),
    path("fees/tariffs/new/", tariffs.new_tariff, name="new_tariff"),
    path("fees/tariffs/compare/", whatif.compare, name="compare_tariffs"),
    path("fees/tariffs/compare/table.csv", whatif.compare_csv, name="compare_csv"),
    path("fees/tariffs/compare/workbook.xlsx", whatif.compare_workbook, name="compare_workbook"),
    path("fees/tariffs/<int:version>/", tariffs.tariff, name="tariff"),
    path("fees/tariffs/<int:version>/table.csv", tariffs.tariff_table, name="tariff_table"),
    path("fees/tariffs/<int:version>/verify/", tariffs.verify, name="verify_tariff"),
    path("fees/tariffs/<int:version>/withdraw/", tariffs.withdraw, name="withdraw_tariff"),
]
