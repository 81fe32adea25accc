#!/usr/bin/env bash
# A small YARN on this machine, to try things out: one ResourceManager and two NodeManagers, on 127.0.0.1 only, from the jars of the build.
set -euo pipefail

usage() {
    cat >&2 <<'TEXT'
Usage: deploy/yarn/local.sh start DIR HDFS [PORT]      e.g. start /tmp/yarn hdfs://127.0.0.1:8020; then: export HADOOP_CONF_DIR=DIR/conf
       deploy/yarn/local.sh stop DIR
DIR holds the configuration, the logs and the containers; HDFS is the address of a running HDFS. PORT is the first of the ports
PORT to PORT+3 of the ResourceManager (default 8030: the usual ones); its page is at PORT+58. Each node pretends to have two GPUs, and
the second one has the label "gpu".
TEXT
    exit 2
}

fail() {
    echo "local.sh: $*" >&2
    exit "${status:-2}"
}

(($# >= 2)) || usage
command=$1
mkdir -p "$2"
dir=$(readlink -f "$2")
hdfs=${3-}
port=${4-8030}
root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..")
spark_home=$root/spark-jobs/target/spark-home
[[ -d $spark_home/hadoop ]] || fail "Cannot start YARN: there is no $spark_home (expected ./sknet build before)"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
nodes=(node-1 node-2)
daemons=(resource-manager "${nodes[@]}")

# KEY VALUE ... as one of Hadoop's files.
write() {
    local file=$dir/conf/$1
    shift
    {
        echo '<configuration>'
        while (($#)); do
            printf '  <property><name>%s</name><value>%s</value></property>\n' "$1" "$2"
            shift 2
        done
        echo '</configuration>'
    } > "$file"
}

# What a daemon alone knows, it is told by properties of Java.
# shellcheck disable=SC2016
configure() {
    [[ $hdfs == hdfs://* ]] || fail "Cannot configure a YARN on '$hdfs' (expected the address of an HDFS, like hdfs://127.0.0.1:8020)"
    mkdir -p "$dir/conf"
    write core-site.xml fs.defaultFS "$hdfs" hadoop.tmp.dir "$dir/tmp" ipc.client.connect.max.retries 2
    write yarn-site.xml \
        yarn.resourcemanager.hostname 127.0.0.1 \
        yarn.resourcemanager.scheduler.address "127.0.0.1:$port" \
        yarn.resourcemanager.resource-tracker.address "127.0.0.1:$((port + 1))" \
        yarn.resourcemanager.address "127.0.0.1:$((port + 2))" \
        yarn.resourcemanager.admin.address "127.0.0.1:$((port + 3))" \
        yarn.resourcemanager.webapp.address "127.0.0.1:$((port + 58))" \
        yarn.resourcemanager.connect.max-wait.ms 30000 \
        yarn.resourcemanager.connect.retry-interval.ms 1000 \
        yarn.scheduler.minimum-allocation-mb 128 \
        yarn.node-labels.enabled true \
        yarn.node-labels.fs-store.root-dir "file://$dir/labels" \
        yarn.node-labels.configuration-type distributed \
        yarn.nodemanager.node-labels.provider '${sknet.labels}' \
        yarn.nodemanager.node-labels.provider.configured-node-partition gpu \
        yarn.nodemanager.hostname 127.0.0.1 \
        yarn.nodemanager.address 127.0.0.1:0 \
        yarn.nodemanager.localizer.address 127.0.0.1:0 \
        yarn.nodemanager.webapp.address 127.0.0.1:0 \
        yarn.nodemanager.local-dirs "$dir/\${sknet.node}/local" \
        yarn.nodemanager.log-dirs "$dir/\${sknet.node}/logs" \
        yarn.nodemanager.resource.memory-mb 6144 \
        yarn.nodemanager.resource.cpu-vcores 4 \
        yarn.nodemanager.vmem-check-enabled false \
        yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage 99.5 \
        yarn.log-aggregation-enable true
    write resource-types.xml yarn.resource-types yarn.io/gpu
    write node-resources.xml yarn.nodemanager.resource-type.yarn.io/gpu 2
    write capacity-scheduler.xml \
        yarn.scheduler.capacity.root.queues default \
        yarn.scheduler.capacity.root.default.capacity 100 \
        yarn.scheduler.capacity.maximum-am-resource-percent 0.5 \
        yarn.scheduler.capacity.root.accessible-node-labels.gpu.capacity 100 \
        yarn.scheduler.capacity.root.default.accessible-node-labels gpu \
        yarn.scheduler.capacity.root.default.accessible-node-labels.gpu.capacity 100 \
        yarn.scheduler.capacity.resource-calculator org.apache.hadoop.yarn.util.resource.DominantResourceCalculator
}

# A class of Hadoop with options for Java; the words after "--" are its arguments.
hadoop() {
    local options=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dhadoop.home.dir=/ --add-opens=java.base/java.lang=ALL-UNNAMED
        -Dlog4j2.configurationFile="$root/conf/spark/log4j2.properties")
    # Hadoop's servers come with their own servlets; those of Spark's jars would not fit.
    exec "$java" "${options[@]}" -cp "$dir/conf:$spark_home/hadoop/*:$spark_home/jars/*" "$@"
}

launch() {
    local name=$1
    shift
    (hadoop -Xmx256m "$@") >> "$dir/$name.log" 2>&1 < /dev/null &
    local pid=$!
    echo "$pid" > "$dir/$name.pid"
    until runs "$name" || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.1
    done
}

# Whether a daemon of this directory runs: its number may be another process's by now.
runs() {
    local pid
    pid=$(cat "$dir/$1.pid" 2> /dev/null) && grep -qzF "$dir/conf:" "/proc/$pid/cmdline" 2> /dev/null
}

# Waits for something, for as long as all daemons run.
await() {
    local what=$1 daemon second
    shift
    for ((second = 0; second < 100; second++)); do
        ! "$@" 2> /dev/null || return 0
        sleep 1
        for daemon in "$dir"/*.pid; do
            daemon=$(basename "$daemon" .pid)
            runs "$daemon" || { stop; status=1 fail "Cannot start $daemon (see $dir/$daemon.log)"; }
        done
    done
    stop
    status=1 fail "Cannot start YARN: no $what after 100 s (see the logs in $dir)"
}

answers() {
    (exec 3<> "/dev/tcp/127.0.0.1/$1")
}

nodes_run() {
    local running
    running=$( (hadoop -Xmx128m org.apache.hadoop.yarn.client.cli.NodeCLI -list) | grep -c ' RUNNING')
    ((running == ${#nodes[@]}))
}

start() {
    local daemon node
    for daemon in "${daemons[@]}"; do
        ! runs "$daemon" || fail "Cannot start YARN in $dir: its $daemon runs (expected deploy/yarn/local.sh stop $dir before)"
    done
    for ((daemon = port; daemon < port + 4; daemon++)); do
        ! answers "$daemon" 2> /dev/null || fail "Cannot start YARN: port $daemon is in use (expected four free ports from $port; name another PORT)"
    done
    rm -f "$dir"/*.pid
    configure
    launch resource-manager org.apache.hadoop.yarn.server.resourcemanager.ResourceManager
    await "ResourceManager at port $((port + 3))" answers $((port + 3))
    (hadoop -Xmx128m org.apache.hadoop.yarn.client.cli.RMAdminCLI -addToClusterNodeLabels 'gpu(exclusive=false)') >> "$dir/resource-manager.log" 2>&1
    for node in "${nodes[@]}"; do
        launch "$node" -Dsknet.node="$node" -Dsknet.labels="$([[ $node != "${nodes[-1]}" ]] || echo config)" \
            org.apache.hadoop.yarn.server.nodemanager.NodeManager
    done
    await "${#nodes[@]} nodes" nodes_run
    echo "YARN runs: export HADOOP_CONF_DIR=$dir/conf"
}

# The nodes first: they end their containers.
stop() {
    local daemon second
    for daemon in "${nodes[@]}" resource-manager; do
        ! runs "$daemon" || kill "$(cat "$dir/$daemon.pid")"
        for ((second = 0; second < 20; second++)); do
            runs "$daemon" || continue 2
            sleep 1
        done
        kill -KILL "$(cat "$dir/$daemon.pid")"
    done
}

case $command in
    start) start ;;
    stop) stop ;;
    *) usage ;;
esac
