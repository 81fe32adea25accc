#!/usr/bin/env bash
# './sknet bench data' and torchvision in turns on this machine, and the ratio of their rates. Needs python3-torchvision (Debian).
# Usage: bench/compare-data.sh [--turns N] --data DIR [--transform train|eval] [--threads N]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# Debian's own Python is the one that Debian's package is for.
python=${PYTHON:-/usr/bin/python3}
turns=3
if [[ ${1-} == --turns ]]; then
    turns=$2
    shift 2
fi
"$python" -c 'import torchvision' 2> /dev/null ||
    { echo "Cannot import torchvision (on Debian: apt-get install python3-torchvision)." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for ((turn = 1; turn <= turns; turn++)); do
    ./sknet bench data "$@" --json > "$work/ours-$turn.json" 2> /dev/null
    "$python" bench/data.py "$@" > "$work/peer-$turn.json"
done
"$python" - "$work" "$turns" << 'PYTHON'
import json
import statistics
import sys

work, turns = sys.argv[1], int(sys.argv[2])
ours, peer = ([json.load(open(f"{work}/{who}-{t + 1}.json")) for t in range(turns)] for who in ("ours", "peer"))
print("turn  sknet img/s (fastest)  torchvision img/s (fastest)  sknet / torchvision (of the fastest)")
for t, (a, b) in enumerate(zip(ours, peer)):
    print(f"{t + 1:4} {a['imagesPerSecondPerThread']:11.0f} {a['fastest']:10.0f} {b['imagesPerSecondPerThread']:18.0f} {b['fastest']:10.0f} "
          f"{a['imagesPerSecondPerThread'] / b['imagesPerSecondPerThread']:16.2f} {a['fastest'] / b['fastest']:10.2f}")
print(f"median of the ratios: {statistics.median(a['imagesPerSecondPerThread'] / b['imagesPerSecondPerThread'] for a, b in zip(ours, peer)):.2f}; "
      f"fastest of all to fastest of all: {max(a['fastest'] for a in ours) / max(b['fastest'] for b in peer):.2f}")
PYTHON
