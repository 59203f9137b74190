#!/bin/sh
# What the tests need beside Python: a browser, a Chinese font, poppler's pdftoppm is not needed.
# Installed by apt where that is possible; otherwise it says exactly what to install.
set -eu

have_font() { fc-list :lang=zh 2>/dev/null | grep -q .; }
have_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

need=""
have_browser || need="$need chromium"
have_font || need="$need fonts-noto-cjk fontconfig"
[ -n "$need" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing what the browser tests need:$need"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
else
  echo "The tests need a browser and a Chinese font. Install them, then run make test again:"
  echo "    sudo apt-get install$need"
  exit 1
fi
