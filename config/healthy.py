"""Asks the web server of this container whether it is ready; the health check of docker-compose.yml."""

import http.client
import os
import sys


def ready(host: str, port: int = 8000) -> bool:
    """`host` must be one the site answers to."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if ready(os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()) else 1)
