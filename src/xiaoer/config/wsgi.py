"""Pages and API, for granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoer.config.settings")
application = get_wsgi_application()
