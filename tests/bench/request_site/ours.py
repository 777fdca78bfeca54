"""The product's own settings with one page and no middleware but the tenancy's."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES
from tests.bench.request_site.counting import cursor_options

ROOT_URLCONF = TENANT_URLCONF = "tests.bench.request_site.urls"
MIDDLEWARE = ["tenants.database.middleware.RoomMiddleware", "django.middleware.common.CommonMiddleware"]
YZ_KEPT_CONNECTIONS = int(os.environ["YZ_BENCH_KEPT"])
for _database in DATABASES.values():
    _database["OPTIONS"] = {**_database["OPTIONS"], **cursor_options()}
