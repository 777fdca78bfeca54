"""API of scores, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.scores.api import views

app_name = "scores_api"
urlpatterns = [
    path("scores/", views.Scores.as_view(), name="scores"),
    path("scores/suppliers/<int:supplier_id>/", views.OneScore.as_view(), name="score"),
    path("scores/appeals/", views.Appeals.as_view(), name="appeals"),
    path("scores/appeals/<int:appeal_id>/", views.OneAppeal.as_view(), name="appeal"),
    path("scores/appeals/<int:appeal_id>/accept/", views.Accept.as_view(), name="accept"),
    path("scores/appeals/<int:appeal_id>/dismiss/", views.Dismiss.as_view(), name="dismiss"),
    path("scores/formulas/", views.Formulas.as_view(), name="formulas"),
    path("scores/formulas/enter/", views.EnterFormula.as_view(), name="enter_formula"),
    path("scores/formulas/<int:version>/", views.OneFormula.as_view(), name="formula"),
    path("scores/formulas/<int:version>/verify/", views.VerifyFormula.as_view(), name="verify_formula"),
    path("scores/formulas/<int:version>/withdraw/", views.WithdrawFormula.as_view(), name="withdraw_formula"),
    path("supplier/score/", views.OwnScore.as_view(), name="own"),
    path("supplier/score/orders/<int:outcome_id>/appeal/", views.FileAppeal.as_view(), name="file_appeal"),
    path("supplier/score/appeals/<int:appeal_id>/", views.OwnAppeal.as_view(), name="own_appeal"),
    path("supplier/score/appeals/<int:appeal_id>/withdraw/", views.WithdrawAppeal.as_view(), name="withdraw_appeal"),
]
