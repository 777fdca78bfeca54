"""The API of the ledger of the year, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.commitments.api import views

app_name = "commitments_api"
urlpatterns = [
    path("commitments/", views.Sums.as_view(), name="sums"),
    path("commitments/exceptions/", views.Exceptions.as_view(), name="exceptions"),
    path("commitments/exceptions/<int:exception_id>/", views.OneException.as_view(), name="exception"),
    path("commitments/exceptions/<int:exception_id>/step/", views.StepException.as_view(), name="step_exception"),
    path("commitments/food/declare/", views.DeclareFood.as_view(), name="declare_food"),
    path("commitments/food/report/", views.ReportRelief.as_view(), name="report_relief"),
    path("commitments/food/<int:purchase_id>/take-back/", views.TakeBackRelief.as_view(), name="take_back_relief"),
    path("bureau/shares/", views.Shares.as_view(), name="shares"),
]
