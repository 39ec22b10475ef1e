#!/bin/sh
# Chromium for the browser tests, from the system's packages. Never fails: without it those tests say what is missing.
set -u

for browser in "${OWED_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$browser" ] && command -v "$browser" >/dev/null 2>&1; then exit 0; fi
done

if ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need Chromium: install the package 'chromium', or set OWED_CHROMIUM to its path." >&2
    exit 0
fi

if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else
    echo "The browser tests need Chromium. Install it with: sudo apt-get install chromium" >&2
    exit 0
fi

echo "Installing Chromium for the browser tests"
log=$(mktemp)
if ! { $as_root apt-get update -q && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends chromium; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    echo "Chromium could not be installed; the browser tests will say so. Install the package 'chromium' by hand." >&2
fi
rm -f "$log"
