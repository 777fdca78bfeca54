from django.urls import path

from shared_apps.fees.web import tariffs, views

app_name = "fees"
urlpatterns = [
    path("fees/", views.months, name="months"),
    path("fees/statements/<str:tenant>/<str:month>/", views.statement, name="statement"),
    path("fees/statements/<str:tenant>/<str:month>/table.csv", views.export, name="export"),
    path("fees/tariffs/", tariffs.tariffs, name="tariffs"),
    path("fees/tariffs/new/", tariffs.new_tariff, name="new_tariff"),
    path("fees/tariffs/<int:version>/", tariffs.tariff, name="tariff"),
    path("fees/tariffs/<int:version>/verify/", tariffs.verify, name="verify_tariff"),
    path("fees/tariffs/<int:version>/withdraw/", tariffs.withdraw, name="withdraw_tariff"),
]
