"""Offers on the region's host: the supplier's own pages, and those of who looks at offers."""

from __future__ import annotations

from django.urls import path

from shared_apps.listings.web import ending, oversight, review, supplier

app_name = "listings"
OWN, REVIEW = "supplier/offers", "library/review"
urlpatterns = [
    path(f"{OWN}/", supplier.own_offers, name="own_offers"),
    path(f"{OWN}/offers.csv", supplier.own_offers_csv, name="own_offers_csv"),
    path(f"{OWN}/new/", supplier.new_offer, name="new_offer"),
    path(f"{OWN}/ending/", ending.ending_offers, name="ending_offers"),
    path(f"{OWN}/renew/", ending.renew_offers, name="renew_offers"),
    path(f"{OWN}/<int:offer_id>/", supplier.own_offer, name="own_offer"),
    path(f"{OWN}/<int:offer_id>/edit/", supplier.edit_offer, name="edit_offer"),
    path(f"{OWN}/<int:offer_id>/submit/", supplier.submit_offer, name="submit_offer"),
    path(f"{OWN}/<int:offer_id>/price/", supplier.price_offer, name="price_offer"),
    path(f"{OWN}/<int:offer_id>/price/withdraw/", supplier.withdraw_price, name="withdraw_price"),
    path(f"{OWN}/<int:offer_id>/service/", supplier.serve_offer, name="serve_offer"),
    path(f"{OWN}/<int:offer_id>/withdraw/", supplier.withdraw_offer, name="withdraw_offer"),
    path(f"{OWN}/<int:offer_id>/correct/", supplier.correct_offer, name="correct_offer"),
    path(f"{OWN}/<int:offer_id>/appeal/", supplier.appeal_offer, name="appeal_offer"),
    path(f"{OWN}/<int:offer_id>/appeal/<int:appeal_id>/withdraw/", supplier.withdraw_appeal, name="withdraw_appeal"),
    path(f"{OWN}/<int:offer_id>/again/", supplier.draft_again, name="draft_again"),
    path(f"{REVIEW}/offers/", review.reviews, name="reviews"),
    path(f"{REVIEW}/offers/badge/", review.badge, name="badge"),
    path(f"{REVIEW}/offers/reviews.csv", review.reviews_csv, name="reviews_csv"),
    path(f"{REVIEW}/offers/decide/", review.decide_batch, name="decide_batch"),
    path(f"{REVIEW}/offers/all/", review.all_offers, name="all_offers"),
    path(f"{REVIEW}/offers/<int:offer_id>/", review.reviewed_offer, name="reviewed_offer"),
    path(f"{REVIEW}/offers/<int:offer_id>/reviews/<int:review_id>/", review.decide_review, name="decide_review"),
    path(f"{REVIEW}/offers/<int:offer_id>/freeze/", review.freeze_offer, name="freeze_offer"),
    path(f"{REVIEW}/offers/<int:offer_id>/unfreeze/", review.lift_freeze, name="lift_freeze"),
    path(f"{REVIEW}/offers/appeals/", oversight.appeals, name="appeals"),
    path(f"{REVIEW}/offers/appeals/<int:appeal_id>/", oversight.appeal, name="appeal"),
    path(f"{REVIEW}/offers/appeals/<int:appeal_id>/decide/", oversight.decide_appeal, name="decide_appeal"),
    path(f"{REVIEW}/offers/discounts/", oversight.discounts, name="discounts"),
    path(f"{REVIEW}/offers/discounts/discounts.csv", oversight.discounts_csv, name="discounts_csv"),
    path(f"{REVIEW}/offers/settings/", oversight.settings, name="settings"),
    path(f"{REVIEW}/offers/settings/figures/", oversight.enter_parameter, name="enter_parameter"),
    path(f"{REVIEW}/offers/settings/words/", oversight.change_word, name="change_word"),
    path(f"{REVIEW}/patrols/", oversight.patrols, name="patrols"),
    path(f"{REVIEW}/patrols/new/", oversight.new_patrol, name="new_patrol"),
    path(f"{REVIEW}/patrols/<int:task_id>/", oversight.patrol, name="patrol"),
    path(f"{REVIEW}/patrols/<int:task_id>/patrol.csv", oversight.patrol_csv, name="patrol_csv"),
    path(f"{REVIEW}/patrols/<int:task_id>/items/<int:item_id>/", oversight.note_finding, name="note_finding"),
    path(f"{REVIEW}/patrols/<int:task_id>/close/", oversight.close_patrol, name="close_patrol"),
]
