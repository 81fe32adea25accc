#!/usr/bin/env bash
# './sknet bench' and its Python peer in turns on this machine, and the ratio of their medians: PyTorch (train, infer), its gloo (allreduce),
# torchvision (data). Needs Debian's python3-torch and, for data, python3-torchvision.
# Usage: bench/compare.sh [--rounds N] train|infer|allreduce|data [OPTIONS, as './sknet bench WORKLOAD --help' lists them]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# Debian's own Python is the one that Debian's packages are for.
python=${PYTHON:-/usr/bin/python3}
rounds=3
if [[ ${1-} == --rounds ]]; then
    rounds=$2
    shift 2
fi
workload=${1-}

# PyTorch at its best: memory that it frees stays mapped, for fresh pages cost it up to a third.
network() {
    MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456 "$python" bench/peer.py "$@"
}

case $workload in
    train | infer) module=torch peer=(network) ;;
    allreduce) module=torch peer=("$python" bench/allreduce.py) ;;
    data) module=torchvision peer=("$python" bench/data.py) ;;
    *) echo "Cannot compare '$workload' (expected train, infer, allreduce or data)" >&2; exit 2 ;;
esac
"$python" -c "import $module" 2> /dev/null ||
    { echo "Cannot import $module (on Debian: apt-get install python3-$module)." >&2; exit 1; }
# The peers of train and infer are one script, the others one each.
arguments=("$@")
[[ $workload == train || $workload == infer ]] || arguments=("${@:2}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for ((round = 1; round <= rounds; round++)); do
    ./sknet bench "$@" --json > "$work/ours-$round.json" 2> /dev/null
    "${peer[@]}" "${arguments[@]}" > "$work/peer-$round.json"
done
"$python" bench/ratios.py "$workload" "$work" "$rounds"
