FROM python:3.11.7-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 DATA_DIR=/data CHROMIUM_PATH=/usr/bin/chromium CHROMIUM_SANDBOX=false
WORKDIR /app

# Chromium prints PDF and PNG (of this site alone, without a network; a container forbids the namespaces of its own sandbox), with letters
# for what people are called; the client of PostgreSQL makes backups.
RUN apt-get update && apt-get install --yes --no-install-recommends chromium fonts-noto-core postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home counterweight && install -d -o counterweight /data
COPY requirements.lock ./
RUN python -m pip install --require-hashes --no-deps -r requirements.lock
COPY . .

USER counterweight
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=4 CMD ["python", "-m", "config.healthy"]
CMD ["python", "-m", "gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
