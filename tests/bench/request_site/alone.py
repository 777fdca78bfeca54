"""The limit: the same page and models in one schema of a plain Django, without any tenancy."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES as OURS
from config.settings import INSTALLED_APPS as ALL
from config.settings import YZ_SECRET
from runtime.settings import login_password
from tests.bench.request_site.counting import cursor_options

LOGIN = "t980000"
ROOT_URLCONF = "tests.bench.request_site.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
INSTALLED_APPS = [name for name in ALL if name != "django_tenants"]
DATABASE_ROUTERS: list[str] = []
DATABASES = {
    "default": {
        **OURS["default"],
        "ENGINE": "django.db.backends.postgresql",
        "USER": LOGIN,
        "PASSWORD": login_password(YZ_SECRET, LOGIN),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": cursor_options(),
    }
}
