#!/bin/sh
# Rebuild static/vendor/ from the registry that npm is set up with, and check what came against the
# checksums that are committed. To take a new version, change it here and run with --accept.
set -eu

HTMX=2.0.11

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "htmx.org@$HTMX" >/dev/null
tar -xzf "htmx.org-$HTMX.tgz"
cp package/dist/htmx.min.js "$root/static/vendor/htmx.min.js"
cp package/LICENSE "$root/static/vendor/htmx.LICENSE.txt"

cd "$root/static/vendor"
if [ "${1:-}" = "--accept" ]; then
    sha256sum htmx.min.js htmx.LICENSE.txt >checksums.txt
fi
sha256sum -c checksums.txt
