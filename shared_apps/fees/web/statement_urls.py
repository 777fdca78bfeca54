"""Addresses of stored statements and what follows them."""

from django.urls import path

from shared_apps.fees.web import settling, statements

_ONE = "fees/statements/<str:tenant>/<str:month>"

urlpatterns = [
    path("fees/statements/", statements.statements, name="statements"),
    path("fees/statements/table.csv", statements.statements_csv, name="statements_csv"),
    path("fees/statements/issue/", statements.issue, name="issue_statements"),
    path("fees/statements/close/", statements.close, name="close_month"),
    path(f"{_ONE}/statement.pdf", statements.pdf, name="statement_pdf"),
    path(f"{_ONE}/workbook.xlsx", statements.workbook, name="statement_workbook"),
    path(f"{_ONE}/confirm/", settling.confirm, name="confirm_statement"),
    path(f"{_ONE}/receipts/", settling.receipt, name="record_receipt"),
    path(f"{_ONE}/lines/<int:position>/", statements.line, name="statement_line"),
    path(f"{_ONE}/lines/<int:position>/table.csv", statements.line_csv, name="line_csv"),
    path(f"{_ONE}/lines/<int:position>/dispute/", settling.dispute, name="dispute_line"),
    path("fees/disputes/<int:fee_dispute_id>/answer/", settling.answer, name="answer_dispute"),
    path("fees/disputes/<int:fee_dispute_id>/withdraw/", settling.withdraw, name="withdraw_dispute"),
    path("fees/receipts/", settling.upload, name="import_receipts"),
    path("fees/receipts/record/", settling.confirm_import, name="confirm_receipts"),
    path("fees/periods/", settling.shown_periods, name="periods"),
    path("fees/periods/enter/", settling.enter_period, name="enter_period"),
]
