"""The worker and its beat. Messages are wake-ups only: what is due stands in the database, and a sweep finds it."""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab

from config.logs import number_tasks
from config.task_metrics import count_tasks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yizhang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_serializer = "json"
app.conf.accept_content = ["json"]
app.conf.task_acks_late = True
app.conf.task_reject_on_worker_lost = True
app.conf.worker_prefetch_multiplier = 1
# Its lines go where all of ours go, in the same form (config/logs.py).
app.conf.worker_hijack_root_logger = False
# A lost broker must not stop the worker for good: the sweeps catch up.
app.conf.broker_connection_retry_on_startup = True
# `tasks.py` of every app of both rooms, and those of the tenancy itself.
app.autodiscover_tasks()
app.autodiscover_tasks(["tenants.journaling"])

count_tasks()
number_tasks()

SWEEP_SECONDS = 10.0
# A tick nobody took in time is not worth taking late: the next one does the same work.
_SWEEP = {"expires": SWEEP_SECONDS}

app.conf.beat_schedule = {
    "orders-due": {"task": "orders.sweep_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "bargains-due": {"task": "bargains.sweep_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "payments-under-way": {"task": "payments.poll", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "signatures-to-follow": {"task": "contracts.follow", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "invoices-to-verify": {"task": "invoices.verify", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "applications-due": {"task": "onboarding.sweep_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "practice-due": {"task": "training.sweep_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "checklists-told": {"task": "policies.sweep_checklists", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "takeovers-due": {"task": "takeover.sweep_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "deputies-due": {"task": "access.sweep_deputies", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "units-awaited": {"task": "budgets.sweep_awaited", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "budget-reports": {"task": "budget_system.sweep", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "bans-due": {"task": "sanctions.sweep_due", "schedule": 60.0, "options": {"expires": 60.0}},
    "scores": {"task": "scores.recompute", "schedule": 600.0, "options": {"expires": 600.0}},
    "relay-lag": {"task": "journaling.measure_lag", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "fleet-jobs": {"task": "fleet.sweep_jobs", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "imports-due": {"task": "exchange.sweep_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "webhooks-due": {"task": "exchange.send_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "messages-due": {"task": "messaging.send_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "messages-arrived": {"task": "messaging.ask_due", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "messages-purge": {"task": "messaging.purge", "schedule": crontab(hour=4, minute=20)},
    "deadlines-told": {"task": "inbox.sweep_deadlines", "schedule": 60.0, "options": {"expires": 60.0}},
    "fleet-figures": {"task": "fleet.measure", "schedule": 300.0, "options": {"expires": 300.0}},
    "offers-to-check": {"task": "listings.check_waiting", "schedule": SWEEP_SECONDS, "options": _SWEEP},
    "listing-work": {"task": "listings.tell_work", "schedule": 60.0, "options": {"expires": 60.0}},
    "paid-prices": {"task": "listings.count_paid", "schedule": 60.0, "options": {"expires": 60.0}},
    "price-window": {"task": "listings.slide_window", "schedule": crontab(hour=0, minute=10)},
    "offers-last-days": {"task": "listings.follow_last_days", "schedule": crontab(minute=5)},
    "suppliers-calendar": {"task": "suppliers.follow_calendar", "schedule": crontab(minute=10)},
    "search-tidied": {"task": "products.tidy_search", "schedule": crontab(hour=2, minute=50)},
    "idempotency-purge": {"task": "idempotency.purge", "schedule": crontab(hour=3, minute=20)},
    "accounts-purge": {"task": "accounts.order_purge", "schedule": crontab(hour=4, minute=10)},
    "exchange-purge": {"task": "exchange.purge", "schedule": crontab(hour=3, minute=50)},
    "labels-of-the-day": {"task": "products.expire_labels", "schedule": crontab(hour=0, minute=10)},
    "api-hours": {"task": "fees.tell_api_hours", "schedule": crontab(minute=3)},
    "fee-months": {"task": "fees.close_due", "schedule": crontab(hour=2, minute=10)},
    "fee-budgets": {"task": "fees.warn_budgets", "schedule": crontab(hour=5, minute=20)},
    "fees-reconciled": {"task": "fees.reconcile", "schedule": crontab(hour=5, minute=30)},
    "files-sweep": {"task": "files.sweep", "schedule": crontab(hour=3, minute=40)},
}
