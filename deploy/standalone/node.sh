#!/usr/bin/env bash
# Starts or stops one daemon on this host. cluster.sh does it for all hosts.
set -euo pipefail

script=node.sh
root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")

usage() {
    cat << TEXT
Usage: deploy/standalone/node.sh [--conf FILE] DAEMON start|stop|status [HOST]
  DAEMON      namenode, datanode, master or worker
  HOST        the name of this host in FILE; needed only where several of its hosts are this one
  --conf FILE default: cluster.conf beside this script
Starting what runs, and stopping what does not, is no error. Exit codes: 0 done, or it runs; 1 failed, or it does not run; 2 wrong usage.
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
# shellcheck source=deploy/standalone/settings.sh
source "$root/deploy/standalone/settings.sh"
# shellcheck source=deploy/standalone/configuration.sh
source "$root/deploy/standalone/configuration.sh"

daemon=${1-}
action=${2-}
host=${3-}
[[ $daemon =~ ^(namenode|datanode|master|worker)$ && $action =~ ^(start|stop|status)$ && $# -le 3 ]] || { usage >&2; exit 2; }
if [[ -z $host ]]; then
    host=${setting[MASTER_HOST]}
    if [[ $daemon == datanode || $daemon == worker ]]; then
        here=()
        for host in "${worker_hosts[@]}"; do
            ! is_here "$host" || here+=("$host")
        done
        ((${#here[@]} == 1)) ||
            usage_error "Cannot tell which of WORKER_HOSTS=${setting[WORKER_HOSTS]} this is: ${#here[@]} are (expected it as the last argument)"
        host=${here[0]}
    fi
fi

name=$daemon-$host
pid_file=$directory/pids/$name
log=$directory/logs/$name
# On the command line of the daemon: a number in a file may be another process's by now.
mark=-Dsknet.log=$log

# Prints the process's number if the daemon runs.
running() {
    local pid
    pid=$(cat "$pid_file" 2> /dev/null) && tr '\0' '\n' < "/proc/$pid/cmdline" 2> /dev/null | grep -qxF -e "$mark" && echo "$pid"
}

# Blank-separated directories, or the one below ours; each with a directory of this host's in it, comma-separated.
directories() {
    local list=$1 default=$2 result='' entry
    for entry in ${list:-$directory/$default}; do
        result+=${result:+,}$entry/$host
    done
    echo "$result"
}

# Only empty directories: what a NameNode has written is never formatted.
format() {
    local entry formatted=0 empty=0
    for entry in ${names//,/ }; do
        mkdir -p "$entry"
        if [[ -e $entry/current/VERSION ]]; then
            formatted=1
        else
            [[ -z $(ls -A "$entry") ]] || fail "Cannot format $entry: it holds other files (expected an empty directory, or a NameNode's)"
            empty=1
        fi
    done
    ((empty)) || return 0
    ((!formatted)) || fail "Cannot start the NameNode: of its directories $names one is empty (expected a copy of another, which has its files)"
    "$java" -Xmx256m -Dhadoop.home.dir=/ "-Dsknet.log=$log.format" "${common[@]}" -cp "$hadoop_path" "$main" "${options[@]}" -format -nonInteractive \
        > "$log.format.out" 2>&1 || fail "Cannot format the NameNode's $names (see $log.format.out and $log.format.log)"
}

# Sets main, options and ready, the words in its log that say that it works.
describe() {
    local memory
    memory=$(megabytes "${setting[EXECUTOR_MEMORY]}")
    case $daemon in
        namenode)
            names=$(directories "${setting[NAME_DIRECTORIES]}" name)
            main=org.apache.hadoop.hdfs.server.namenode.NameNode
            # Hosts that are named by addresses need no reverse entries in a DNS.
            options=(-D "dfs.namenode.name.dir=file://${names//,/,file://}" -D "dfs.namenode.rpc-bind-host=$host"
                -D "dfs.namenode.http-address=$host:${setting[NAMENODE_WEB_PORT]}" -D dfs.namenode.datanode.registration.ip-hostname-check=false)
            ready="NameNode RPC up at"
            ;;
        datanode)
            main=org.apache.hadoop.hdfs.server.datanode.DataNode
            options=(-D "dfs.datanode.data.dir=$(directories "${setting[DATA_DIRECTORIES]}" data)" -D "dfs.datanode.hostname=$host"
                -D "dfs.datanode.address=$host:${setting[DATANODE_PORT]}" -D "dfs.datanode.ipc.address=$host:${setting[DATANODE_IPC_PORT]}"
                -D "dfs.datanode.http.address=$host:${setting[DATANODE_WEB_PORT]}")
            ready="successfully registered with NN"
            ;;
        master)
            main=org.apache.spark.deploy.master.Master
            options=(--host "$host" --port "${setting[MASTER_PORT]}" --webui-port "${setting[MASTER_WEB_PORT]}"
                --properties-file "$client/spark-defaults.conf")
            ready="I have been elected leader"
            ;;
        worker)
            main=org.apache.spark.deploy.worker.Worker
            options=(--host "$host" --port "${setting[WORKER_PORT]}" --webui-port "${setting[WORKER_WEB_PORT]}"
                --cores $((setting[EXECUTORS_PER_WORKER] * setting[EXECUTOR_CORES]))
                --memory "$((setting[EXECUTORS_PER_WORKER] * memory))m" --work-dir "$directory/work/$host" --properties-file "$client/spark-defaults.conf" "$(spark_master)")
            ready="Successfully registered with master"
            ;;
    esac
}

environment() {
    export SPARK_HOME=${SPARK_HOME:-$jars} SPARK_CONF_DIR=$client SPARK_SCALA_VERSION=2.12 SPARK_LOCAL_IP=$host SPARK_LOCAL_DIRS
    SPARK_LOCAL_DIRS=$(directories "${setting[SCRATCH_DIRECTORIES]}" scratch)
    unset HADOOP_CONF_DIR YARN_CONF_DIR
    [[ -z ${setting[HADOOP_CONF]} ]] || export HADOOP_CONF_DIR=${setting[HADOOP_CONF]}
    compgen -G "$SPARK_HOME/jars/spark-core_2.12-3.5.*.jar" > /dev/null ||
        usage_error "Cannot use SPARK_HOME=$SPARK_HOME: it has no jars/spark-core_2.12-3.5.*.jar (expected a Spark 3.5 for Scala 2.12, or ./sknet build)"
    compgen -G "$jars/hadoop/*.jar" > /dev/null || usage_error "Cannot find Hadoop's servers in $jars/hadoop (expected what ./sknet build puts there)"
}

start() {
    local pid tries path heap=${daemon^^}_MEMORY hadoop_path="$client:$jars/jars/*:$jars/hadoop/*"
    local common=("-Dlog4j2.configurationFile=$root/deploy/standalone/log4j2.properties" --add-opens=java.base/java.lang=ALL-UNNAMED)
    if pid=$(running); then
        echo "$name runs already (process $pid)"
        return
    fi
    if [[ $daemon == namenode || $daemon == datanode ]]; then
        path=$hadoop_path
        common+=(-Dhadoop.home.dir=/)
    else
        path="$client:$SPARK_HOME/jars/*"
        # Those of org.apache.spark.launcher.JavaModuleOptions; its class would take a JVM to ask.
        common+=(-XX:+IgnoreUnrecognizedVMOptions -Djdk.reflect.useDirectMethodHandle=false
            --add-opens=java.base/java.{lang.invoke,lang.reflect,io,net,nio,util,util.concurrent,util.concurrent.atomic}"=ALL-UNNAMED"
            --add-opens=java.base/{jdk.internal.ref,sun.nio.ch,sun.nio.cs,sun.security.action,sun.util.calendar}"=ALL-UNNAMED"
            --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED)
    fi
    # Debian gives a host's own name this address, at which no other host finds it.
    ! getent ahostsv4 "$host" | grep -q '^127\.0\.1\.1 ' ||
        fail "Cannot start $name: $host is 127.0.1.1 here (expected its address in the network; see /etc/hosts)"
    # The Worker would say less.
    [[ $daemon != worker || -z ${setting[GPU_SCRIPT]} ]] || "${setting[GPU_SCRIPT]}" > /dev/null ||
        fail "Cannot start $name: ${setting[GPU_SCRIPT]} does not list GPUs (see above; GPU_SCRIPT of $conf)"
    write_configuration
    [[ $daemon != namenode ]] || format
    [[ ! -e $log.log ]] || mv "$log.log" "$log.before.log"
    cd "$directory"
    # The lock is not for the daemon to keep.
    setsid "$java" "-Xmx${setting[$heap]}" -XX:+ExitOnOutOfMemoryError "$mark" "${common[@]}" -cp "$path" "$main" "${options[@]}" \
        < /dev/null > "$log.out" 2>&1 9>&- &
    pid=$!
    disown
    echo "$pid" > "$pid_file"
    for ((tries = 0; tries < 5 * setting[START_SECONDS]; tries++)); do
        if grep -qF "$ready" "$log.log" 2> /dev/null; then
            echo "$name is up (process $pid)"
            return
        fi
        if ! kill -0 "$pid" 2> /dev/null; then
            rm -f "$pid_file"
            fail "Cannot start $name: it ended: $(reason) (see $log.log and $log.out)"
        fi
        sleep 0.2
    done
    fail "Cannot start $name: it is not up after ${setting[START_SECONDS]} s: $(reason) (see $log.log and $log.out; START_SECONDS of $conf)"
}

# The last complaint of its log, or of the JVM.
reason() {
    local line
    line=$(grep -E '^[a-zA-Z.]+(Exception|Error): ' "$log.log" 2> /dev/null | tail -n 1) || true
    [[ -n $line ]] || line=$(grep -E '^[-0-9]+ [:0-9,]+ (WARN|ERROR|FATAL)' "$log.log" 2> /dev/null | tail -n 1) || true
    [[ -n $line ]] || line=$(tail -n 1 "$log.out" 2> /dev/null) || true
    echo "${line:-it says nothing}"
}

stop() {
    local pid tries
    if ! pid=$(running); then
        rm -f "$pid_file"
        echo "$name does not run"
        return
    fi
    kill "$pid"
    for ((tries = 0; tries < 10 * setting[STOP_SECONDS]; tries++)); do
        if ! running > /dev/null; then
            rm -f "$pid_file"
            echo "$name is stopped"
            return
        fi
        sleep 0.1
    done
    kill -KILL "$pid"
    rm -f "$pid_file"
    echo "$name did not stop in ${setting[STOP_SECONDS]} s and was killed"
}

status() {
    local pid
    if pid=$(running); then
        echo "$name runs (process $pid)"
    else
        echo "$name does not run"
        return 1
    fi
}

if [[ $action == status ]]; then
    status
    exit
fi
[[ $action == stop ]] || environment
describe
mkdir -p "$directory/pids" "$directory/logs"
# Two at once would start two daemons.
exec 9> "$pid_file.lock"
flock 9
"$action"
