#!/usr/bin/env bash
# Sees to it that there is a Chromium, in which the tests look at pages: installs Debian's package where that needs no question.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null && exit
done
as_root=(env DEBIAN_FRONTEND=noninteractive)
((EUID == 0)) || as_root=(sudo --non-interactive "${as_root[@]}")
install() { "${as_root[@]}" apt-get --yes -qq -o DPkg::Lock::Timeout=60 install --no-install-recommends chromium < /dev/null > /dev/null 2>&1; }
echo "sknet: installing Debian's package chromium, for the tests of pages" >&2
install || { "${as_root[@]}" apt-get --yes -qq update < /dev/null > /dev/null 2>&1 && install; } ||
    { echo "Cannot find Chromium, nor install it (expected apt-get as root, or chromium on the PATH)" >&2; exit 1; }
