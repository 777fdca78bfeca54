"""Pages of payments, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.payments.web import clock, interest, views

app_name = "payments"
urlpatterns = [
    path("payments/", views.payer_list, name="list"),
    path("payments/due/", clock.due_list, name="due"),
    path("payments/due/export.csv", clock.due_export, name="due_export"),
    path("payments/<int:instruction_id>/", views.instruction_page, name="instruction"),
    path("orders/<int:order_id>/request-payment/", views.request_payment, name="request"),
    path("orders/<int:order_id>/payment-term/", clock.term, name="term"),
    path("orders/<int:order_id>/payment-term/answer/", clock.answer_term, name="answer_term"),
    path("orders/<int:order_id>/late-interest/", interest.interest_page, name="interest"),
    path("orders/<int:order_id>/late-interest/decide/", interest.decide, name="decide_interest"),
    path("orders/<int:order_id>/late-interest/again/", interest.pay_again, name="interest_again"),
    path("orders/<int:order_id>/late-interest/withdraw/", interest.withdraw, name="withdraw_interest"),
]
