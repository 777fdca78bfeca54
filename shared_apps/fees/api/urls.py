from django.urls import path

from shared_apps.fees.api import views

app_name = "fees_api"
urlpatterns = [
    path("fees/months/", views.MonthsView.as_view(), name="months"),
    path("fees/statements/<str:tenant>/<str:month>/", views.StatementView.as_view(), name="statement"),
    path("fees/tariffs/", views.TariffsView.as_view(), name="tariffs"),
    path("fees/tariffs/enter/", views.EnterTariffView.as_view(), name="enter_tariff"),
    path("fees/tariffs/<int:version>/", views.TariffView.as_view(), name="tariff"),
    path("fees/tariffs/<int:version>/verify/", views.VerifyTariffView.as_view(), name="verify_tariff"),
    path("fees/tariffs/<int:version>/withdraw/", views.WithdrawTariffView.as_view(), name="withdraw_tariff"),
]
