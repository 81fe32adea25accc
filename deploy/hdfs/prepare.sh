#!/usr/bin/env bash
# Makes the directories of data sets and runs in HDFS, with their owner, permissions and quotas. HDFS's superuser runs it; given again, it
# sets them again and deletes nothing.
# Usage: deploy/hdfs/prepare.sh ROOT OWNER:GROUP [SPACE [FILES]]
#   ROOT         a directory such as hdfs://nameservice/sknet: gets data, runs, experiments and analysis
#   OWNER:GROUP  who trains, and who may read
#   SPACE        what runs, and as much again experiments, may take, all copies counted, such as 2t
#   FILES        how many files and directories they may be. Default: no quotas
set -euo pipefail

fail() {
    echo "prepare.sh: $*" >&2
    exit 2
}

hdfs=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/hdfs.sh
(($# >= 2 && $# <= 4)) || fail "Cannot prepare without a root and an owner (usage: deploy/hdfs/prepare.sh ROOT OWNER:GROUP [SPACE [FILES]])"
root=${1%/}
owner=$2
[[ $root == hdfs://*/* || $root == /?* ]] || fail "Cannot prepare $1 (expected a directory below the root of an HDFS, such as hdfs://nameservice/sknet)"
[[ $owner =~ ^[^:]+:[^:]+$ ]] || fail "Cannot use the owner $owner (expected OWNER:GROUP)"
[[ ${3-1t} =~ ^[1-9][0-9]*[kmgt]?$ ]] || fail "Cannot use the space $3 (expected bytes, or a size such as 500g or 2t)"
[[ ${4-1} =~ ^[1-9][0-9]*$ ]] || fail "Cannot use the number of files $4 (expected a number from 1)"

directories=("$root/data" "$root/runs" "$root/experiments" "$root/analysis")
"$hdfs" dfs -mkdir -p "${directories[@]}"
"$hdfs" dfs -chown "$owner" "$root" "${directories[@]}"
# The group reads, others do not. Files below get their group from here, and their permissions from the client's umask.
"$hdfs" dfs -chmod 750 "$root" "${directories[@]}"
(($# < 3)) || "$hdfs" dfsadmin -setSpaceQuota "$3" "$root/runs" "$root/experiments"
(($# < 4)) || "$hdfs" dfsadmin -setQuota "$4" "$root/runs" "$root/experiments"
"$hdfs" dfs -count -q -h "${directories[@]}"
