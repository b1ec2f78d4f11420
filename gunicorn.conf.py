"""How gunicorn serves the site. It reads the same environment and `.env` as the settings."""

import os
from pathlib import Path

from cmsc_site.environment import Environment, read_environment_file

env = Environment()
read_environment_file(Path(__file__).resolve().parent / ".env")

bind = f"{env.str('WEB_HOST', default='127.0.0.1')}:{env.int('PORT', default=8000)}"
wsgi_app = "cmsc_site.wsgi:application"
proc_name = "cmsc-site"

# Threads, as gunicorn has them, but spread evenly over the processes.
worker_class = "cmsc_site.web_worker.EvenThreadWorker"
workers = env.int("WEB_WORKERS", default=2)
threads = env.int("WEB_THREADS", default=4)
# The code is read once and its memory shared by all workers.
preload_app = True
# Workers show that they live by touching a file; on a disk that can block for seconds.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

timeout = 60
graceful_timeout = 20
# Longer than a proxy keeps a connection it means to use again would be better still; browsers
# and health checks, which come directly, need no more.
keepalive = 15

# Larger than any address or header the site uses, and small enough to be no burden.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# Which addresses may say that a request came over https: with a proxy in front that sets the
# header on every request, whoever reaches this port; without one, nobody.
forwarded_allow_ips = "*" if env.int("TRUSTED_PROXIES", default=0) else ""
# By default SCRIPT_NAME and PATH_INFO are believed too, which any visitor may send past a proxy.
forwarder_headers = ""
control_socket_disable = True

# The site logs its requests itself, as JSON and without anyone's address.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "cmsc_site.log_lines.AddresslessJsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
    },
}
