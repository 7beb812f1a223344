"""Laws of the proxies before it: each one's own check passes, and shoppers never reach /metrics through them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
NGINX, CADDY, OPENSSL = (shutil.which(name, path=PLACES) for name in ("nginx", "caddy", "openssl"))
SET = {"X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme", "X-Forwarded-Host": "$host"}


def test_nginx_sets_what_the_server_believes() -> None:
    """Each header that counts is set anew: one that was added to would carry a client's own word."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    sent = dict(re.findall(r"proxy_set_header (\S+) (\S+);", text))
    assert SET.items() <= sent.items()
    assert sent["Host"] == "$host"
    assert sent["X-Request-Id"] == "$request_id"
    assert "proxy_request_buffering" not in text  # on by itself, as a plain WSGI server needs it


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_no_proxy_shows_the_counters(name: str) -> None:
    """Machines are scraped past the proxy."""
    assert re.search(r"(location = |handle )/metrics \{\s+(return|respond) 404", (DEPLOY / name).read_text("utf-8"))


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="nginx or openssl is not on this machine")
def test_nginx_takes_its_example(tmp_path: Path) -> None:
    """`nginx -t` on the very file, with a certificate of the test's."""
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=quiz.example", "-days", "1"]
    subprocess.run([str(OPENSSL), *make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text("utf-8").replace("/etc/letsencrypt/live/quiz.example", str(tmp_path))
    (tmp_path / "site.conf").write_text(text)
    kept = " ".join(f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    site = f"access_log off; {kept} include {tmp_path}/site.conf;"
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {site} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = [str(NGINX), "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.stderr, said.returncode) == ("", 0)


@pytest.mark.skipif(CADDY is None, reason="caddy is not on this machine")
def test_caddy_takes_its_example(tmp_path: Path) -> None:
    """`caddy validate` on the very file, which is laid out as caddy would."""
    file = str(DEPLOY / "Caddyfile")
    env = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [str(CADDY), "validate", "--config", file, "--adapter", "caddyfile"]
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    laid = subprocess.run([str(CADDY), "fmt", file], env=env, capture_output=True, text=True, check=False)
    assert laid.stdout == Path(file).read_text("utf-8")
