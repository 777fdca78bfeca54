"""Pages of the ledger of the year, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.commitments.web import exceptions, food, sums

app_name = "commitments"
urlpatterns = [
    path("commitments/", sums.sums, name="sums"),
    path("commitments/sums.csv", sums.sums_csv, name="sums_csv"),
    path("commitments/exceptions/", exceptions.exceptions, name="exceptions"),
    path("commitments/exceptions.csv", exceptions.exceptions_csv, name="exceptions_csv"),
    path("commitments/exceptions/new/", exceptions.file_exception, name="file_exception"),
    path("commitments/exceptions/<int:exception_id>/", exceptions.exception, name="exception"),
    path("commitments/exceptions/<int:exception_id>/step/", exceptions.step_exception, name="step_exception"),
    path("commitments/food/", food.food, name="food"),
    path("commitments/food/declare/", food.declare, name="declare_food"),
    path("commitments/food/report/", food.report, name="report_relief"),
    path("commitments/food/<int:purchase_id>/take-back/", food.take_back, name="take_back_relief"),
    path("bureau/shares/", sums.shares, name="shares"),
    path("bureau/shares.csv", sums.shares_csv, name="shares_csv"),
]
