"""API of payments, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.payments.api import interest, views

app_name = "payments_api"
urlpatterns = [
    path("payments/", views.Instructions.as_view(), name="list"),
    path("payments/due/", views.PaymentsDue.as_view(), name="due"),
    path("payments/<int:instruction_id>/", views.InstructionDetail.as_view(), name="detail"),
    path("orders/<int:order_id>/request-payment/", views.RequestPayment.as_view(), name="request"),
    path("orders/<int:order_id>/payment-clock/", views.PaymentClock.as_view(), name="clock"),
    path("orders/<int:order_id>/payment-term/", views.AskTerm.as_view(), name="term"),
    path("orders/<int:order_id>/payment-term/answer/", views.AnswerTerm.as_view(), name="answer_term"),
    path("orders/<int:order_id>/late-interest/", interest.LateInterest.as_view(), name="interest"),
    path("orders/<int:order_id>/late-interest/ask/", interest.AskInterest.as_view(), name="ask_interest"),
    path("orders/<int:order_id>/late-interest/decide/", interest.DecideInterest.as_view(), name="decide_interest"),
    path("orders/<int:order_id>/late-interest/again/", interest.PayInterestAgain.as_view(), name="interest_again"),
    path("orders/<int:order_id>/late-interest/withdraw/", interest.WithdrawInterest.as_view(), name="interest_back"),
]
