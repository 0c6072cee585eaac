"""The WSGI application."""

from django.core.wsgi import get_wsgi_application

from config.start import read_settings_or_end

read_settings_or_end()
application = get_wsgi_application()
