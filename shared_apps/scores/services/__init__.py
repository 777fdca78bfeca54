"""Writes of scores, by noun. Others import from here."""

from shared_apps.scores.services.appeals import (
    AppealExists,
    AppealTooLate,
    NothingToAppeal,
    decide_appeal,
    file_appeal,
    withdraw_appeal,
)
from shared_apps.scores.services.computing import recompute
from shared_apps.scores.services.formulas import (
    FormulaDocumentMismatch,
    FormulaExists,
    FormulaNotWaiting,
    FormulaTooLate,
    enter_formula,
    verify_formula,
    withdraw_formula,
)

__all__ = [
    "AppealExists",
    "AppealTooLate",
    "FormulaDocumentMismatch",
    "FormulaExists",
    "FormulaNotWaiting",
    "FormulaTooLate",
    "NothingToAppeal",
    "decide_appeal",
    "enter_formula",
    "file_appeal",
    "recompute",
    "verify_formula",
    "withdraw_appeal",
    "withdraw_formula",
]
