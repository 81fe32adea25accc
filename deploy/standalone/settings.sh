# Part of cluster.sh and node.sh: reads cluster.conf into the associative array "setting", and names what follows from it.
# Reads root and script of them.
# shellcheck shell=bash disable=SC2034,SC2154

fail() {
    echo "$script: $*" >&2
    exit "${status:-1}"
}

usage_error() {
    status=2 fail "$@"
}

declare -A setting=()

# Reads KEY=value lines; a key must be there already unless new ones are taken.
read_settings() {
    local file=$1 new=$2 line number=0 key
    [[ -r $file ]] || usage_error "Cannot read $file (expected a file like $root/deploy/standalone/cluster.conf)"
    while IFS= read -r line || [[ -n $line ]]; do
        number=$((number + 1))
        [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
        [[ $line =~ ^([A-Z_]+)=(.*)$ ]] || usage_error "Cannot read line $number of $file: $line (expected KEY=value)"
        key=${BASH_REMATCH[1]}
        [[ -n $new || -n ${setting[$key]+known} ]] ||
            usage_error "Cannot use $key in line $number of $file: there is no such key" \
                "(expected one of $(printf '%s\n' "${!setting[@]}" | sort | paste -sd ' '))"
        setting[$key]=${BASH_REMATCH[2]%"${BASH_REMATCH[2]##*[![:space:]]}"}
    done < "$file"
}

require() {
    local key=$1 pattern=$2 expected=$3
    [[ ${setting[$key]} =~ ^($pattern)$ ]] || usage_error "Cannot use $key=${setting[$key]} of $conf (expected $expected)"
}

require_all() {
    local key
    require MASTER_HOST '[A-Za-z0-9._-]+' "the name or address of one host"
    require WORKER_HOSTS '[A-Za-z0-9._-]+( +[A-Za-z0-9._-]+)*' "names or addresses of hosts with blanks between them"
    [[ -z $(tr ' ' '\n' <<< "${setting[WORKER_HOSTS]}" | sort | uniq -d) ]] ||
        usage_error "Cannot use WORKER_HOSTS=${setting[WORKER_HOSTS]} of $conf (expected each host once)"
    [[ " ${setting[MASTER_HOST]} ${setting[WORKER_HOSTS]} " != *" 0.0.0.0 "* ]] ||
        usage_error "Cannot use the host 0.0.0.0 of $conf (expected addresses by which others reach the hosts)"
    for key in EXECUTORS_PER_WORKER EXECUTOR_CORES START_SECONDS STOP_SECONDS; do
        require "$key" '[1-9][0-9]{0,4}' "a number from 1"
    done
    require REPLICATION '|[1-9][0-9]?' "a number of copies, or nothing"
    for key in EXECUTOR_MEMORY NAMENODE_MEMORY DATANODE_MEMORY MASTER_MEMORY WORKER_MEMORY; do
        require "$key" '[1-9][0-9]*[mg]' "a size such as 512m or 4g"
    done
    for key in NAMENODE_PORT NAMENODE_WEB_PORT MASTER_PORT MASTER_WEB_PORT; do
        require "$key" '[1-9][0-9]{0,4}' "a port from 1"
    done
    for key in DATANODE_PORT DATANODE_IPC_PORT DATANODE_WEB_PORT WORKER_PORT WORKER_WEB_PORT; do
        require "$key" '[0-9]{1,5}' "a port, or 0 for any"
    done
    for key in DIRECTORY HADOOP_CONF SECRET_FILE GPU_SCRIPT; do
        require "$key" '|/[A-Za-z0-9._/+@-]+' "an absolute path without blanks, or nothing"
    done
    for key in NAME_DIRECTORIES DATA_DIRECTORIES SCRATCH_DIRECTORIES; do
        require "$key" '|/[A-Za-z0-9._/+@-]+( +/[A-Za-z0-9._/+@-]+)*' "absolute paths with blanks between them, or nothing"
    done
    [[ -z ${setting[GPU_SCRIPT]} || -x ${setting[GPU_SCRIPT]} ]] ||
        usage_error "Cannot use GPU_SCRIPT=${setting[GPU_SCRIPT]} of $conf (expected a script that can be run, such as $root/deploy/standalone/gpus.sh)"
    [[ -z ${setting[HADOOP_CONF]} || -r ${setting[HADOOP_CONF]}/core-site.xml ]] ||
        usage_error "Cannot use HADOOP_CONF=${setting[HADOOP_CONF]} of $conf (expected a directory with a core-site.xml)"
}

# The first line of the secret's file. Whoever else can read it can be a member of the cluster.
secret() {
    local file=${setting[SECRET_FILE]} mode line
    mode=$(stat -Lc %a "$file" 2> /dev/null) || usage_error "Cannot read SECRET_FILE=$file of $conf: it is not there"
    [[ $mode == [46]00 ]] || usage_error "Cannot use SECRET_FILE=$file of $conf: its mode is $mode (expected 600: no one else may read it)"
    IFS= read -r line < "$file" || [[ -n $line ]] ||
        usage_error "Cannot use SECRET_FILE=$file of $conf: it is empty (expected a line of at least 16 characters)"
    [[ $line =~ ^[A-Za-z0-9+/=_.-]{16,}$ ]] ||
        usage_error "Cannot use SECRET_FILE=$file of $conf (expected a line of at least 16 letters, digits and +/=_.-)"
    printf '%s' "$line"
}

# Whether a host of cluster.conf is this one.
is_here() {
    [[ $1 == 127.* || $1 == localhost || $1 == "$(hostname)" || $1 == "$(hostname -f 2> /dev/null)" || " $(hostname -I) " == *" $1 "* ]]
}

megabytes() {
    local number=${1%[mg]}
    [[ $1 == *g ]] && number=$((number * 1024))
    echo "$number"
}

read_settings "$root/deploy/standalone/cluster.conf" new
[[ $conf == "$root/deploy/standalone/cluster.conf" ]] || read_settings "$conf" ""
require_all

read -ra worker_hosts <<< "${setting[WORKER_HOSTS]}"
directory=${setting[DIRECTORY]:-$root/cluster-work}
client=$directory/conf
jars=$root/spark-jobs/target/spark-home
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
