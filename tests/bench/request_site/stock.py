"""The peer: the same page and models under stock django-tenants, in the very schemas that ours serves."""

from tests.bench.peer_tenants_settings import *  # noqa: F403
from tests.bench.peer_tenants_settings import DATABASES
from tests.bench.request_site.counting import cursor_options

ROOT_URLCONF = "tests.bench.request_site.urls"
MIDDLEWARE = [
    "django_tenants.middleware.main.TenantMainMiddleware",
    "django.middleware.common.CommonMiddleware",
]
DATABASES["default"] |= {"CONN_HEALTH_CHECKS": False, "OPTIONS": cursor_options()}
