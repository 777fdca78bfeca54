"""The only place that knows everything. The Celery app is bound here, so that tasks find it in every process."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
