"""Addresses of stored statements for programs."""

from django.urls import path

from shared_apps.fees.api import statements

_ONE = "fees/statements/<str:tenant>/<str:month>"

urlpatterns = [
    path("fees/statements/", statements.StatementsView.as_view(), name="statements"),
    path("fees/statements/issue/", statements.IssueView.as_view(), name="issue_statements"),
    path("fees/statements/close/", statements.CloseView.as_view(), name="close_month"),
    path(f"{_ONE}/stored/", statements.StoredView.as_view(), name="stored_statement"),
    path(f"{_ONE}/check/", statements.CheckView.as_view(), name="check_statement"),
    path(f"{_ONE}/confirm/", statements.ConfirmView.as_view(), name="confirm_statement"),
    path(f"{_ONE}/receipts/", statements.ReceiptView.as_view(), name="record_receipt"),
    path(f"{_ONE}/lines/<int:position>/", statements.LineView.as_view(), name="statement_line"),
    path(f"{_ONE}/lines/<int:position>/dispute/", statements.DisputeView.as_view(), name="dispute_line"),
    path("fees/disputes/<int:fee_dispute_id>/answer/", statements.AnswerView.as_view(), name="answer_dispute"),
    path("fees/disputes/<int:fee_dispute_id>/withdraw/", statements.WithdrawView.as_view(), name="withdraw_dispute"),
    path("fees/receipts/import/", statements.ImportReceiptsView.as_view(), name="import_receipts"),
    path("fees/periods/", statements.PeriodsView.as_view(), name="periods"),
    path("fees/periods/enter/", statements.EnterPeriodView.as_view(), name="enter_period"),
]
