"""A thousand visitors at once through a proxy: `python -m benchmarks.connections`.

`--hold 120` holds them for two minutes.
"""

import asyncio
import os
import random
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import Workshop, addresses_of, serving
from tests.faults.machine import free_port, kill

TITLE = "A thousand connections held"
HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")  # where Caddy would keep things
MOST_PAUSE = 4.0  # seconds between a visitor's pages
CADDY = """
{{
	admin off
	auto_https off
}}
http://localhost:{port} {{
	bind 127.0.0.1
	reverse_proxy 127.0.0.1:{web}
	log {{
		output discard
	}}
}}
"""
NGINX = """
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
daemon off;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream web {{ server 127.0.0.1:{web}; keepalive 64; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://web;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""


def measure(workshop: Workshop, say: Say, *, hold: int = 10, visitors: int = 1000) -> Section:
    """Return what went wrong for that many visitors in `hold` seconds."""
    proxy = next((name for name in ("caddy", "nginx") if shutil.which(name)), None)
    how = (
        f"{visitors:,} visitors hold a connection each for {hold} s to {proxy}, which asks "
        "gunicorn (two processes of four threads). Each asks for one page after the other, of "
        f"every type, with a pause of up to {MOST_PAUSE:.0f} s as people make them. An "
        "error is any answer but 200, a broken answer, a refused or lost connection."
    )
    section = Section(TITLE, how)
    if proxy is None:
        section.bars.append(Bar("a proxy is installed (caddy or nginx)", float("nan"), 0))
        return section
    files = visitors + 200
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(files, 4096), hard), hard))
    with workshop.site(TRUSTED_PROXIES="1") as site, serving(site):
        paths = list(addresses_of(site).values())
        with _proxying(proxy, site.port, workshop.folder / "proxy") as port:
            say(f"{visitors:,} connections through {proxy} for {hold} s")
            seen = asyncio.run(_visit(port, paths, visitors, hold))
    times = sorted(seen.times)
    errors = sum(seen.errors.values())
    section.bars.append(Bar(f"errors in {len(times) + errors:,} answers", errors, 0))
    section.bars.append(Bar("connections held at once", seen.most, visitors, at_least=True))
    rows = [
        ("answers a second", f"{len(times) / hold:.0f}"),
        ("median", f"{1000 * statistics.median(times):.0f} ms" if times else "none"),
        ("95 in 100 within", f"{1000 * times[int(0.95 * len(times))]:.0f} ms" if times else "none"),
        ("slowest", f"{1000 * times[-1]:.0f} ms" if times else "none"),
        *((f"error: {words}", count) for words, count in seen.errors.most_common(5)),
    ]
    section.tables.append(Table(("seen", ""), rows))
    return section


class _Seen:
    """What all visitors saw."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.errors: Counter[str] = Counter()
        self.held = self.most = 0


async def _visit(port: int, paths: list[str], visitors: int, hold: int) -> _Seen:
    seen = _Seen()
    begin = asyncio.Event()
    tasks = [
        asyncio.create_task(_visitor(port, paths, number, seen, begin, hold))
        for number in range(visitors)
    ]
    end = time.monotonic() + 30
    while seen.held + sum(seen.errors.values()) < visitors and time.monotonic() < end:
        await asyncio.sleep(0.05)
    seen.most = seen.held
    begin.set()
    await asyncio.gather(*tasks)
    return seen


async def _visitor(
    port: int, paths: list[str], number: int, seen: _Seen, begin: asyncio.Event, hold: int
) -> None:
    chance = random.Random(number)  # noqa: S311
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        seen.errors[f"connecting: {error}"] += 1
        return
    seen.held += 1
    await begin.wait()
    end = time.monotonic() + hold
    await asyncio.sleep(chance.random() * MOST_PAUSE)
    try:
        while time.monotonic() < end:
            path = chance.choice(paths)
            began = time.monotonic()
            status = await asyncio.wait_for(_ask(reader, writer, port, path), 60)
            if status == 200:
                seen.times.append(time.monotonic() - began)
            else:
                seen.errors[f"{path} answered {status}"] += 1
            await asyncio.sleep(chance.random() * MOST_PAUSE)
    except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as error:
        seen.errors[f"{type(error).__name__}: {error}"] += 1
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, path: str
) -> int:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if "transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
    return int(head.split()[1])


@contextmanager
def _proxying(proxy: str, web: int, folder: Path) -> Iterator[int]:
    """Run the proxy in front of the site until the block ends; give its port."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "config"
    words = CADDY if proxy == "caddy" else NGINX
    config.write_text(words.format(port=port, web=web, folder=folder))
    command = {
        "caddy": ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"],
        "nginx": ["nginx", "-c", str(config), "-p", str(folder)],
    }[proxy]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **dict.fromkeys(HOMES, str(folder))},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + 20
        while True:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text()[-2000:])
            time.sleep(0.05)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        kill(process)


if __name__ == "__main__":
    main(measure)
