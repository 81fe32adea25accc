#!/usr/bin/env bash
# A cluster of real daemons from the jars of the build alone: HDFS's NameNode and DataNodes, Spark's Master and Workers, on this machine
# or on several hosts by ssh.
set -euo pipefail

script=cluster.sh
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")

usage() {
    cat << TEXT
Usage: deploy/standalone/cluster.sh [--conf FILE] start|stop|status|configure
  start       start what does not run yet, wait until all of it works, and say how to use it
  stop        stop all daemons; what is in HDFS stays
  status      which daemons run, what HDFS and Spark have
  configure   only write the client's configuration on this host
  --conf FILE default: cluster.conf beside this script, which explains every key
Environment: SPARK_HOME (a Spark 3.5 for Scala 2.12 for Master and Workers; default: the build's), JAVA_HOME; the same on all hosts.
Exit codes: 0 done, or all of it works; 1 failed, or not all of it works; 2 wrong usage or configuration.
TEXT
}

conf=$root/deploy/standalone/cluster.conf
if [[ ${1-} == --conf && $# -ge 2 ]]; then
    conf=$(readlink -m "$2")
    shift 2
fi
if [[ ${1-} == --help || ${1-} == -h ]]; then
    usage
    exit
fi
[[ $# -eq 1 && $1 =~ ^(start|stop|status|configure)$ ]] || { usage >&2; exit 2; }
# shellcheck source=deploy/standalone/settings.sh
source "$root/deploy/standalone/settings.sh"
# shellcheck source=deploy/standalone/configuration.sh
source "$root/deploy/standalone/configuration.sh"

# Runs node.sh on a host.
node() {
    local host=$1 command=("$root/deploy/standalone/node.sh" --conf "$conf" "$2" "$3" "$1") ssh
    if is_here "$host"; then
        "${command[@]}"
    else
        read -ra ssh <<< "${setting[SSH]}"
        [[ -z ${SPARK_HOME-} ]] || command=("SPARK_HOME=$SPARK_HOME" "${command[@]}")
        [[ -z ${JAVA_HOME-} ]] || command=("JAVA_HOME=$JAVA_HOME" "${command[@]}")
        "${ssh[@]}" "$host" "env $(printf '%q ' "${command[@]}")" < /dev/null
    fi
}

# On all hosts of Workers at once; fails if one does.
nodes() {
    local host pid pids=() failed=0
    for host in "${worker_hosts[@]}"; do
        node "$host" "$@" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || failed=1
    done
    return "$failed"
}

has_hdfs() {
    [[ -z ${setting[HADOOP_CONF]} ]]
}

# The answer of a daemon's web page on the Master's host; empty while there is none.
web() {
    (
        exec 3<> "/dev/tcp/${setting[MASTER_HOST]}/$1"
        printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$2" "${setting[MASTER_HOST]}" >&3
        timeout 5 cat <&3
    ) 2> /dev/null || true
}

# The value of a field of one line of JSON each.
field() {
    sed -n "s/^.*\"$1\" *: *\"\{0,1\}\([^\",]*\).*/\1/p" | head -n 1
}

hdfs_state() {
    local page
    page=$(web "${setting[NAMENODE_WEB_PORT]}" '/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState')
    live=$(field NumLiveDataNodes <<< "$page")
    mode=$(field FSState <<< "$page")
    free=$(field CapacityRemaining <<< "$page")
}

spark_state() {
    local page
    page=$(web "${setting[MASTER_WEB_PORT]}" /json/)
    workers=$(field aliveworkers <<< "$page")
    cores=$(field cores <<< "$(sed -n '/"aliveworkers"/,$p' <<< "$page")")
    used=$(field coresused <<< "$(sed -n '/"aliveworkers"/,$p' <<< "$page")")
}

hdfs_works() {
    hdfs_state
    [[ $mode == Operational && $live == "${#worker_hosts[@]}" ]]
}

spark_works() {
    spark_state
    [[ $workers == "${#worker_hosts[@]}" ]]
}

await() {
    local seconds
    for ((seconds = 0; seconds < setting[START_SECONDS]; seconds++)); do
        ! "$1" || return 0
        sleep 1
    done
    return 1
}

start() {
    local wanted=${#worker_hosts[@]} host=${setting[MASTER_HOST]} live mode free workers cores used
    if has_hdfs; then
        node "$host" namenode start
        nodes datanode start || fail "Cannot start HDFS: not all DataNodes are up (see above)"
        await hdfs_works || fail "Cannot start HDFS: after ${setting[START_SECONDS]} s ${live:-0} of $wanted DataNodes live, its state is" \
            "${mode:-unknown} (expected Operational; see $directory/logs/namenode-$host.log on $host)"
    fi
    node "$host" master start
    nodes worker start || fail "Cannot start Spark: not all Workers are up (see above)"
    await spark_works || fail "Cannot start Spark: after ${setting[START_SECONDS]} s ${workers:-0} of $wanted Workers are with the Master" \
        "(see $directory/logs/master-$host.log on $host)"
    write_configuration
    report
    cat << TEXT
Its client's configuration: export SPARK_CONF_DIR=$client
Then, for example:          ./sknet prepare folder SOURCE $(has_hdfs && file_system)/data/NAME
TEXT
}

report() {
    local page=http://${setting[MASTER_HOST]} all=${#worker_hosts[@]}
    ! has_hdfs ||
        echo "HDFS  $(file_system): $live of $all DataNodes, $((free / 1000000000)) GB free; $page:${setting[NAMENODE_WEB_PORT]}"
    echo "Spark $(spark_master): $workers of $all Workers, $used of $cores cores in use; $page:${setting[MASTER_WEB_PORT]}"
}

stop() {
    local failed=0
    nodes worker stop || failed=1
    node "${setting[MASTER_HOST]}" master stop || failed=1
    if has_hdfs; then
        nodes datanode stop || failed=1
        node "${setting[MASTER_HOST]}" namenode stop || failed=1
    fi
    ((!failed)) || fail "Cannot stop all daemons (see above)"
}

status() {
    local failed=0 live mode free workers cores used all=${#worker_hosts[@]} hdfs=
    if has_hdfs; then
        node "${setting[MASTER_HOST]}" namenode status || failed=1
        nodes datanode status || failed=1
        hdfs_works || failed=1
        hdfs=", ${live:-0} of $all DataNodes, HDFS is ${mode:-down}"
    fi
    node "${setting[MASTER_HOST]}" master status || failed=1
    nodes worker status || failed=1
    spark_works || failed=1
    ((!failed)) || fail "Not all of it works: ${workers:-0} of $all Workers$hdfs"
    report
}

case $1 in
    configure)
        write_configuration
        echo "$client"
        ;;
    *) "$1" ;;
esac
