#!/bin/sh
# Have Chromium for the browser tests: Debian's, installed where this may be done and it is not there.
set -eu

if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Chromium for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "the browser tests need Chromium: install your system's package (Debian: apt-get install chromium), then run make test again" >&2
exit 1
