#!/usr/bin/env bash
# Evaluates the checkpoints of a training as they appear, in a Spark job of its own, until the training is finished. An example for a
# scheduler that only needs to start it again and again: one watch of a training runs at a time, and one that was lost goes on where it
# was, since what is evaluated is known by the result files. The training writes to the same place; it need not have begun.
# Usage: deploy/evaluate-watch.sh TRAINING DATA [OPTIONS OF sknet evaluate]
#
# As a line of crontab, every ten minutes, with two executors (MASTER and CORES as below):
#   */10 * * * * MASTER=spark://master:7077 CORES=16 /opt/sknet/deploy/evaluate-watch.sh hdfs://namenode:8020/runs/flowers hdfs://namenode:8020/data/flowers --set 'evaluate.crop-sizes=[224, 320]' >> /var/log/sknet-watch.log 2>&1
# With evaluate.idle-timeout it gives its executors back while nothing is new.
set -euo pipefail

(($# >= 2)) || { echo "Usage: $0 TRAINING DATA [OPTIONS OF sknet evaluate]" >&2; exit 2; }
training=$1
data=$2
shift 2
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
lock=${LOCKS:-/tmp}/sknet-watch-$(printf '%s' "$training" | sha256sum | cut -c 1-16).lock

# The descriptor goes on to what exec starts: the lock is there as long as the watch. SIGTERM ends the watch, and nothing half written stays.
exec 9> "$lock"
flock --nonblock 9 || exit 0
exec "$root/sknet" ${MASTER:+--master "$MASTER"} ${CORES:+--spark-conf "spark.cores.max=$CORES" --spark-conf "spark.executor.cores=$((CORES / 2))"} \
    evaluate "$training" --data "$data" --watch "$@"
