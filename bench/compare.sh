#!/usr/bin/env bash
# './sknet bench' and PyTorch in turns on this machine, and the ratio of their medians. Needs python3-torch (Debian).
# Usage: bench/compare.sh [--rounds N] train|infer [--model NAME] [--size PIXELS] [--batch N] [--threads N] [--steps N]
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

# PyTorch at its best: memory that it frees stays mapped, for fresh pages cost it up to a third.
peer() {
    MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456 "$python" bench/peer.py "$@"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for ((round = 1; round <= rounds; round++)); do
    ./sknet bench "$@" --json > "$work/ours-$round.json" 2> /dev/null
    peer "$@" > "$work/peer-$round.json"
done
"$python" - "$work" "$rounds" << 'PYTHON'
import json
import statistics
import sys

work, rounds = sys.argv[1], int(sys.argv[2])
ours, peer = ([json.load(open(f"{work}/{who}-{r + 1}.json")) for r in range(rounds)] for who in ("ours", "peer"))
print("round   sknet img/s  PyTorch img/s  ratio")
for r, (a, b) in enumerate(zip(ours, peer)):
    print(f"{r + 1:5} {a['imagesPerSecond']:13.2f} {b['imagesPerSecond']:14.2f} {a['imagesPerSecond'] / b['imagesPerSecond']:6.2f}")
ratio = statistics.median(a["imagesPerSecond"] / b["imagesPerSecond"] for a, b in zip(ours, peer))
memory = statistics.median(a["peakMemoryMiB"] / b["peakMemoryMiB"] for a, b in zip(ours, peer))
print(f"median of the ratios: speed {ratio:.2f}, peak memory {memory:.2f}")
PYTHON
