"""API of the supplier library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.suppliers.api import applications, papers, views

_OWN = "supplier/applications/<int:application_id>"
_REVIEW = "library/review/suppliers/<int:application_id>"

app_name = "suppliers_api"
urlpatterns = [
    path("library/suppliers/", views.Suppliers.as_view(), name="suppliers"),
    path("library/suppliers/register/", views.Register.as_view(), name="register"),
    path("library/suppliers/related/", views.RelatedSuppliers.as_view(), name="related"),
    path("library/suppliers/<int:supplier_id>/", views.OneSupplier.as_view(), name="supplier"),
    path("supplier/applications/", applications.OwnApplications.as_view(), name="applications"),
    path(f"{_OWN}/", applications.OwnApplication.as_view(), name="application"),
    path(f"{_OWN}/save/", applications.SaveApplication.as_view(), name="save"),
    path(f"{_OWN}/submit/", applications.SubmitApplication.as_view(), name="submit"),
    path(f"{_OWN}/documents/", papers.AddDocument.as_view(), name="add_document"),
    path(f"{_OWN}/withdraw/", applications.WithdrawApplication.as_view(), name="withdraw"),
    path("library/review/suppliers/", applications.Queue.as_view(), name="queue"),
    path(f"{_REVIEW}/", applications.Review.as_view(), name="review"),
    path(f"{_REVIEW}/pass/", applications.Pass.as_view(), name="pass"),
    path(f"{_REVIEW}/return/", applications.Return.as_view(), name="return"),
    path(f"{_REVIEW}/refuse/", applications.Refuse.as_view(), name="refuse"),
    path(f"{_REVIEW}/approve/", applications.Approve.as_view(), name="approve"),
]
