#!/usr/bin/env bash
# Tells Spark which GPUs this machine has, as spark.worker.resource.gpu.discoveryScript wants it: one line of JSON. The addresses are the
# numbers by which CUDA knows the GPUs when it is told to count as nvidia-smi does (CUDA_DEVICE_ORDER=PCI_BUS_ID).
set -euo pipefail

fail() {
    echo "gpus.sh: $*" >&2
    exit 1
}

command -v nvidia-smi > /dev/null || fail "Cannot list GPUs: no nvidia-smi on the PATH of $(uname -n) (expected NVIDIA's driver)"
output=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>&1) || fail "Cannot list GPUs: nvidia-smi says: ${output//$'\n'/ }"
addresses=
while read -r index; do
    [[ $index =~ ^[0-9]+$ ]] || fail "Cannot list GPUs: nvidia-smi says: ${output//$'\n'/ } (expected a number a line)"
    addresses+=${addresses:+,}\"$index\"
done <<< "$output"
echo "{\"name\":\"gpu\",\"addresses\":[$addresses]}"
