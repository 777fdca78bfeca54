"""The web process: gunicorn's sync workers, one thread each."""

import os

from django.core.wsgi import get_wsgi_application

from kernel.clean_request import readable_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = readable_content_type(get_wsgi_application())
