#!/usr/bin/env bash
# Sees to it that the four files of Fashion-MNIST are there: installs Debian's package when that needs no question, else tells
# where to put them. Usage: deploy/fashion-mnist.sh [DIRECTORY]
set -euo pipefail

directory=${1:-/usr/share/datasets/fashion-mnist}
files=(train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz)

is_complete() {
    local file
    for file in "${files[@]}"; do
        [[ -r $directory/$file ]] || return 1
    done
}

# Runs apt-get as root, without a question; fails when that is not possible.
apt() {
    local as_root=(env DEBIAN_FRONTEND=noninteractive)
    ((EUID == 0)) || as_root=(sudo --non-interactive "${as_root[@]}")
    "${as_root[@]}" apt-get --yes -qq -o DPkg::Lock::Timeout=60 "$@" < /dev/null > /dev/null 2>&1
}

install_package() {
    # Another directory is the user's own affair.
    (($# == 0)) && command -v apt-get > /dev/null || return 1
    ((EUID == 0)) || sudo --non-interactive true 2> /dev/null || return 1
    echo "sknet: installing Debian's package dataset-fashion-mnist (31 MB)" >&2
    apt install --no-install-recommends dataset-fashion-mnist ||
        { apt update && apt install --no-install-recommends dataset-fashion-mnist; }
}

is_complete && exit
install_package "$@" && is_complete && exit
{
    echo "Cannot find Fashion-MNIST in $directory (expected ${files[*]})."
    echo "On Debian or Ubuntu: apt-get install dataset-fashion-mnist. Elsewhere put the four files there, from"
    echo "https://github.com/zalandoresearch/fashion-mnist (data/fashion)."
} >&2
exit 1
