"""The same apps under stock django-tenants: its backend, its router, one login for everybody."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES as OURS
from config.settings import INSTALLED_APPS as ALL
from config.settings import YZ_OWNER_PASSWORD, YZ_OWNER_ROLE

TENANT_APPS = [name for name in ALL if name.startswith("tenant_apps.")]
SHARED_APPS = ["django_tenants", "tests.bench.stock", *(n for n in ALL if n not in {*TENANT_APPS, "django_tenants"})]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "stock.Client"
TENANT_DOMAIN_MODEL = "stock.Host"
TENANT_DB_ALIAS = "default"
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
DATABASES = {
    "default": {
        **OURS["default"],
        "ENGINE": "django_tenants.postgresql_backend",
        "USER": YZ_OWNER_ROLE,
        "PASSWORD": YZ_OWNER_PASSWORD,
        "OPTIONS": {},
    }
}
SILENCED_SYSTEM_CHECKS = ["django_tenants.W003"]
