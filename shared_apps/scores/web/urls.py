"""Pages of scores, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.scores.web import formulas, region, supplier

app_name = "scores"
urlpatterns = [
    path("scores/", region.scores, name="scores"),
    path("scores/table.csv", region.export, name="export"),
    path("scores/appeals/", region.appeals, name="appeals"),
    path("scores/appeals/<int:appeal_id>/", region.appeal, name="appeal"),
    path("scores/appeals/<int:appeal_id>/accept/", region.accept, name="accept"),
    path("scores/appeals/<int:appeal_id>/dismiss/", region.dismiss, name="dismiss"),
    path("scores/formulas/", formulas.formulas, name="formulas"),
    path("scores/formulas/new/", formulas.enter, name="new_formula"),
    path("scores/formulas/<int:version>/", formulas.formula, name="formula"),
    path("scores/formulas/<int:version>/verify/", formulas.verify, name="verify_formula"),
    path("scores/formulas/<int:version>/withdraw/", formulas.withdraw, name="withdraw_formula"),
    path("supplier/score/", supplier.own, name="own"),
    path("supplier/score/orders/<int:outcome_id>/appeal/", supplier.file_appeal, name="file_appeal"),
    path("supplier/score/appeals/<int:appeal_id>/", supplier.own_appeal, name="own_appeal"),
    path("supplier/score/appeals/<int:appeal_id>/withdraw/", supplier.withdraw, name="withdraw_appeal"),
]
