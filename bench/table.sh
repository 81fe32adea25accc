#!/usr/bin/env bash
# The speeds that docs/figures.md gives: every workload and precision of the large networks, ours and PyTorch in turns, as a table.
# Usage: bench/table.sh [--rounds N]; takes about a quarter of an hour for each round.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

rounds=("$@")
row() {
    printf '%-46s ' "$*"
    ./compare.sh "${rounds[@]}" "$@" | tail -n 1
}

for precision in fp32 bf16; do
    row train --model sknet-50 --precision $precision
    row infer --model sknet-50 --precision $precision
    row train --model sknet-29 --batch 32 --precision $precision
    row train --model resnext-50 --precision $precision
    row train --model resnet-50 --precision $precision
done
