"""Pages of the supplier library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.suppliers.web import applying, own, pages, registering, reviewing, supervising, terms

app_name = "suppliers"
urlpatterns = [
    path("library/suppliers/", pages.suppliers, name="suppliers"),
    path("library/suppliers/suppliers.csv", pages.suppliers_csv_file, name="suppliers_csv"),
    path("library/suppliers/<int:supplier_id>/", pages.supplier, name="supplier"),
    path("library/suppliers/<int:supplier_id>/record/", supervising.record, name="record"),
    path("library/suppliers/<int:supplier_id>/standing/", supervising.change_standing, name="change_standing"),
    path("library/suppliers/related/", supervising.related, name="related"),
    path("library/suppliers/related/related.csv", supervising.related_csv_file, name="related_csv"),
    path("library/suppliers/terms/", terms.terms, name="terms"),
    path("library/suppliers/terms/enter/", terms.enter_terms, name="enter_terms"),
    path("library/register/", registering.register, name="register"),
    path("library/register/sent/", registering.letter_sent, name="letter_sent"),
    path("library/register/<str:number>/<str:secret>/", registering.open_registration, name="open_registration"),
    path("library/register/<str:number>/<str:secret>/take/", registering.take_registration, name="take_registration"),
    path("supplier/", own.workbench, name="workbench"),
    path("supplier/<int:supplier_id>/change/", own.begin_change, name="begin_change"),
    path("supplier/<int:supplier_id>/phone/", own.change_phone, name="change_phone"),
    path("supplier/<int:supplier_id>/confirm/", own.confirm, name="confirm"),
    path("supplier/applications/<int:application_id>/", applying.application, name="application"),
    path("supplier/applications/<int:application_id>/files/", applying.add_document, name="add_document"),
    path(
        "supplier/applications/<int:application_id>/files/<int:document_id>/remove/",
        applying.remove_document,
        name="remove_document",
    ),
    path("supplier/applications/<int:application_id>/withdraw/", applying.withdraw, name="withdraw"),
    path("library/review/suppliers/", reviewing.queue, name="queue"),
    path("library/review/suppliers/badge/", reviewing.queue_badge, name="queue_badge"),
    path("library/review/suppliers/applications.csv", reviewing.queue_csv, name="queue_csv"),
    path("library/review/suppliers/<int:application_id>/", reviewing.review, name="review"),
    path("library/review/suppliers/<int:application_id>/pass/", reviewing.pass_, name="pass"),
    path("library/review/suppliers/<int:application_id>/return/", reviewing.return_, name="return"),
    path("library/review/suppliers/<int:application_id>/refuse/", reviewing.refuse, name="refuse"),
    path("library/review/suppliers/<int:application_id>/approve/", reviewing.approve, name="approve"),
]
