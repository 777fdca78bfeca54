"""Listings' API, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.listings.api import ending, prices, views

app_name = "listings_api"
OWN, REVIEW = "supplier/offers", "library/review"
urlpatterns = [
    path("library/products/<str:code>/price-reference/", prices.PriceReferences.as_view(), name="price_reference"),
    path(f"{OWN}/", views.OwnOffers.as_view(), name="own_offers"),
    path(f"{OWN}/ending/", ending.EndingOffers.as_view(), name="ending_offers"),
    path(f"{OWN}/<int:offer_id>/", views.OwnOffer.as_view(), name="own_offer"),
    path(f"{OWN}/<int:offer_id>/edit/", views.EditOffer.as_view(), name="edit_offer"),
    path(f"{OWN}/<int:offer_id>/submit/", views.SubmitOffer.as_view(), name="submit_offer"),
    path(f"{OWN}/<int:offer_id>/price/", views.PriceOffer.as_view(), name="price_offer"),
    path(f"{OWN}/<int:offer_id>/price/withdraw/", views.WithdrawPrice.as_view(), name="withdraw_price"),
    path(f"{OWN}/<int:offer_id>/service/", views.ServeOffer.as_view(), name="serve_offer"),
    path(f"{OWN}/<int:offer_id>/withdraw/", views.WithdrawOffer.as_view(), name="withdraw_offer"),
    path(f"{OWN}/<int:offer_id>/correct/", views.CorrectOffer.as_view(), name="correct_offer"),
    path(f"{OWN}/<int:offer_id>/appeal/", views.AppealOffer.as_view(), name="appeal_offer"),
    path(f"{REVIEW}/offers/", views.Reviews.as_view(), name="reviews"),
    path(f"{REVIEW}/offers/decide/", views.DecideReviews.as_view(), name="decide_reviews"),
    path(f"{REVIEW}/offers/reviews/<int:review_id>/decide/", views.DecideReview.as_view(), name="decide_review"),
    path(f"{REVIEW}/offers/all/", views.AllOffers.as_view(), name="all_offers"),
    path(f"{REVIEW}/offers/<int:offer_id>/", views.AnyOffer.as_view(), name="any_offer"),
    path(f"{REVIEW}/offers/<int:offer_id>/freeze/", views.FreezeOffer.as_view(), name="freeze_offer"),
    path(f"{REVIEW}/offers/<int:offer_id>/unfreeze/", views.LiftFreeze.as_view(), name="lift_freeze"),
    path(f"{REVIEW}/offers/appeals/", views.Appeals.as_view(), name="appeals"),
    path(f"{REVIEW}/offers/appeals/<int:appeal_id>/decide/", views.DecideAppeal.as_view(), name="decide_appeal"),
    path(f"{REVIEW}/offers/settings/", views.Settings.as_view(), name="settings"),
    path(f"{REVIEW}/offers/settings/figures/", views.EnterParameter.as_view(), name="enter_parameter"),
    path(f"{REVIEW}/offers/settings/words/", views.ChangeWord.as_view(), name="change_word"),
    path(f"{REVIEW}/patrols/", views.Patrols.as_view(), name="open_patrol"),
    path(f"{REVIEW}/patrols/<int:task_id>/", views.OnePatrol.as_view(), name="patrol"),
    path(f"{REVIEW}/patrols/<int:task_id>/close/", views.ClosePatrol.as_view(), name="close_patrol"),
    path(f"{REVIEW}/patrols/items/<int:item_id>/", views.NoteFinding.as_view(), name="note_finding"),
]
