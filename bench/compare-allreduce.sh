#!/usr/bin/env bash
# './sknet bench allreduce' and PyTorch's gloo in turns on this machine, and the ratio of their medians. Needs python3-torch (Debian).
# Usage: bench/compare-allreduce.sh [--rounds N] [--executors N] [--sums N]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# Debian's own Python is the one that Debian's package is for.
python=${PYTHON:-/usr/bin/python3}
rounds=3
if [[ ${1-} == --rounds ]]; then
    rounds=$2
    shift 2
fi
"$python" -c 'import torch' 2> /dev/null ||
    { echo "Cannot import torch (on Debian: apt-get install python3-torch)." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for ((round = 1; round <= rounds; round++)); do
    ./sknet bench allreduce "$@" --json > "$work/ours-$round.json" 2> /dev/null
    "$python" bench/allreduce.py "$@" > "$work/peer-$round.json"
done
"$python" - "$work" "$rounds" << 'PYTHON'
import json
import statistics
import sys

work, rounds = sys.argv[1], int(sys.argv[2])
ours, peer = ([json.load(open(f"{work}/{who}-{r + 1}.json")) for r in range(rounds)] for who in ("ours", "peer"))
print("round  sknet ms (fastest)   gloo ms (fastest)  gloo / sknet")
for r, (a, b) in enumerate(zip(ours, peer)):
    print(f"{r + 1:5} {a['medianMillis']:9.1f} {a['fastestMillis']:10.1f} {b['medianMillis']:9.1f} {b['fastestMillis']:9.1f} "
          f"{b['medianMillis'] / a['medianMillis']:13.2f}")
print(f"median of the ratios: {statistics.median(b['medianMillis'] / a['medianMillis'] for a, b in zip(ours, peer)):.2f}")
PYTHON
