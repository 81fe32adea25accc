# Part of ./sknet: runs the application by spark-submit, on a Spark home that may hold nothing but jars.
# Reads root, target, jar, java, master, mode, secure, secret_file and spark (an array) of the launcher.
# shellcheck shell=bash disable=SC2154

# shellcheck source=deploy/yarn/submission.sh
source "$root/deploy/yarn/submission.sh"

if [[ -n ${SPARK_HOME-} && -e $SPARK_HOME/conf/spark-defaults.conf ]]; then
    export SPARK_CONF_DIR=${SPARK_CONF_DIR:-$SPARK_HOME/conf}
fi
export SPARK_HOME=${SPARK_HOME:-$target/spark-home}
export SPARK_CONF_DIR=${SPARK_CONF_DIR:-$root/conf/spark}
# As Spark's own scripts do.
if [[ -e $SPARK_CONF_DIR/spark-env.sh ]]; then
    set -a
    # shellcheck source=/dev/null
    source "$SPARK_CONF_DIR/spark-env.sh"
    set +a
fi
# Without Spark's scripts nobody else says it, and a Worker will not start an executor without.
export SPARK_SCALA_VERSION=2.12
# The threads of OpenMP otherwise spin while they wait and steal the cores from each other; executors: spark-defaults.conf.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
# As in executors (SparkSessions): large pages, and large blocks go back when they are freed.
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1} MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2} MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-1048576}
kernel_options=(-Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 --add-modules=jdk.incubator.vector
    -Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0)

compgen -G "$SPARK_HOME/jars/spark-core_2.12-3.5.*.jar" > /dev/null ||
    echo "sknet: warning: SPARK_HOME=$SPARK_HOME is not a Spark 3.5 for Scala 2.12" >&2

# The N of a benchmark's --executors N or --executors=N.
executors_wanted() {
    local last=
    while (($#)); do
        [[ $last != --executors ]] || echo "$1"
        [[ $1 != --executors=* ]] || echo "${1#*=}"
        last=$1
        shift
    done
}

# Help, and what only computes: no reason to wait for Spark.
needs_no_cluster() {
    local argument
    (($#)) || return 0
    [[ $1 == models || $1 == selftest || $1 == version || $1 == --version ]] && return 0
    [[ $1 == bench && ${2-} != allreduce && -z $(executors_wanted "$@") ]] && return 0
    for argument in "$@"; do
        [[ $argument == --help || $argument == -h ]] && return 0
    done
    return 1
}

# What only looks at files: no reason to wait for executors, or to ask a cluster for any.
reads_files_only() {
    case "$1 ${2-}" in
        status\ * | report\ * | export\ * | data\ show | experiment\ status | experiment\ report) return 0 ;;
        *) return 1 ;;
    esac
}

run_directly() {
    local status=0
    # What is over soon needs no optimising compiler; what is timed does, and as much native memory as executors have.
    local options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
    [[ ${1-} != bench && ${1-} != selftest && ${1-} != version ]] || options=(-XX:+UseSerialGC -Xmx1g "${kernel_options[@]}")
    "$java" "${options[@]}" -Djava.awt.headless=true -cp "$jar:$SPARK_CONF_DIR:$SPARK_HOME/jars/*" sknet.cli.Main "$@" || status=$?
    [[ ${1---help} == -* ]] && usage
    exit "$status"
}

# Everything on this machine: nothing may be reached from outside, and nothing is left in the caller's folder.
use_this_machine() {
    export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
    spark=(
        --conf "spark.driver.host=$SPARK_LOCAL_IP"
        --conf "spark.driver.bindAddress=$SPARK_LOCAL_IP"
        --conf spark.ui.enabled=false
        "${spark[@]}"
    )
    # A local cluster writes SPARK_HOME/work: each run gets a home of its own, named by the process that exec keeps. It stays
    # for a look at the executors' logs until the next run.
    local run entry
    for run in "$target"/run/*; do
        kill -0 "${run##*/}" 2> /dev/null || rm -rf "$run"
    done
    mkdir -p "$target/run/$$"
    for entry in "$SPARK_HOME"/*; do
        [[ ${entry##*/} == work ]] || ln -s "$entry" "$target/run/$$/"
    done
    SPARK_HOME=$target/run/$$
}

# The pods are those of deploy/kubernetes, unless others are named, and where the driver is one too, the application is in their image.
use_kubernetes() {
    local role
    for role in driver executor; do
        spark=(--conf "spark.kubernetes.$role.podTemplateFile=$root/deploy/kubernetes/$role.yaml" "${spark[@]}")
    done
    [[ $mode != cluster ]] || jar=local:///opt/sknet/sknet.jar
}

# The value of a setting of Spark: the launcher's options win over spark-defaults.conf.
spark_setting() {
    local key=$1 value='' i
    for ((i = 1; i < ${#spark[@]}; i++)); do
        [[ ${spark[i]} != "$key="* ]] || value=${spark[i]#*=}
    done
    [[ -n $value ]] ||
        value=$(sed -nE "s/^[[:space:]]*${key//./\\.}[[:space:]=]+//p" "$SPARK_CONF_DIR/spark-defaults.conf" 2> /dev/null | tail -n 1) || true
    echo "$value"
}

# A driver elsewhere writes its files, and prints what it has found, elsewhere.
refuse_local_results() {
    case "$1 ${2-}" in
        demo* | bench* | report* | "data show" | "experiment report" | "experiment status")
            fail "Cannot run $1 with --deploy-mode cluster: its results belong on this machine (expected --deploy-mode client)"
            ;;
    esac
}

# The driver's web interface listens everywhere unless SPARK_LOCAL_IP names an address: the one that Spark takes for all else.
use_own_address() {
    local address
    address=$(hostname -i 2> /dev/null) || address=
    address=${address%% *}
    [[ -n $address && $address != 127.* && $address != *:* ]] || address=$(hostname -I 2> /dev/null) || address=
    address=${address%% *}
    [[ -z $address ]] || export SPARK_LOCAL_IP=$address
}

# The secret of --secret-file. Whoever can read it can be a member of the cluster.
secret() {
    local mode lines
    mode=$(stat -Lc %a "$secret_file" 2> /dev/null) || fail "Cannot read the secret of $secret_file: there is no such file"
    [[ $mode == [46]00 ]] || fail "Cannot use the secret of $secret_file: its mode is $mode (expected 600: nobody else may read it)"
    mapfile -t lines < "$secret_file"
    [[ ${#lines[@]} -eq 1 && ${lines[0]} =~ ^[A-Za-z0-9+/=_.-]{16,}$ ]] ||
        fail "Cannot use the secret of $secret_file (expected one line of at least 16 letters, digits and +/=_.-, as 'openssl rand -hex 32' makes)"
    printf '%s' "${lines[0]}"
}

# By the environment, which only this user can read; a command line everybody can. YARN, Kubernetes and local[N] have secrets of their own.
use_secret() {
    local secret=
    case $master in
        local-cluster*)
            if [[ -n $secret_file ]]; then
                secret=$(secret)
            else
                secret=$(od -An -vtx1 -N32 /dev/urandom | tr -d ' \n')
            fi
            ;;
        spark://*)
            [[ -n $secret_file ]] || fail "Cannot use --secure with $master (expected --secret-file FILE with the secret of its Master and Workers)"
            secret=$(secret)
            ;;
    esac
    [[ -z $secret ]] || export _SPARK_AUTH_SECRET=$secret
    spark=(
        --conf spark.authenticate=true
        --conf spark.network.crypto.enabled=true
        --conf spark.network.crypto.authEngineVersion=2
        --conf spark.io.encryption.enabled=true
        "${spark[@]}"
    )
}

# Does what Spark's bin/spark-class does: its launcher prints an empty line ended by a NUL and a newline, then the parts of the
# command to run, each ended by a NUL.
exec_spark_submit() {
    if [[ -x $SPARK_HOME/bin/spark-submit ]]; then
        exec "$SPARK_HOME/bin/spark-submit" "$@"
    fi
    local parts=()
    mapfile -d '' -t parts < <(
        "$java" -Xmx128m -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" \
            org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@" && printf 'ok\0'
    )
    if ((${#parts[@]} < 3)) || [[ ${parts[-1]} != ok ]]; then
        fail "Cannot start Spark of $SPARK_HOME (see above)"
    fi
    parts[1]=${parts[1]#$'\n'}
    exec "${parts[@]:1:${#parts[@]}-2}"
}

submit() {
    if [[ $SKNET_LOG_FORMAT == json ]]; then
        # conf/spark/log4j2.properties reads it wherever the program runs.
        local process
        for process in spark.executorEnv spark.yarn.appMasterEnv spark.kubernetes.driverEnv; do
            spark=(--conf "$process.SKNET_LOG_FORMAT=json" "${spark[@]}")
        done
    fi
    if [[ -z $master ]] && reads_files_only "$@"; then
        master=local mode=client
    fi
    local arguments=("$@")
    master=${master:-$(spark_setting spark.master)}
    mode=${mode:-$(spark_setting spark.submit.deployMode)}
    [[ $mode != cluster ]] || refuse_local_results "$@"
    if [[ -z $master ]]; then
        local executors
        executors=$(($(nproc) < 2 ? 1 : 2))
        # Benchmarks say how many executors they want; there may be fewer cores.
        [[ $1 != bench ]] || executors=$(executors_wanted "$@" --executors "$executors" | head -n 1)
        # The third number bounds what spark.executor.memory may ask for; what is not asked for is not taken.
        local memory
        memory=$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
        master="local-cluster[$executors,1,$((memory / executors > 2048 ? memory / executors : 2048))]"
        spark=(--conf spark.executor.memory=2g "${spark[@]}")
    fi
    case $master in
        local*) use_this_machine ;;
        # In cluster mode the driver runs on a host of the cluster, where this one's address would be wrong.
        spark://* | yarn) [[ -n ${SPARK_LOCAL_IP-} ]] || [[ $mode == cluster ]] || use_own_address ;;
    esac
    [[ -z $secure ]] || use_secret
    # Where the driver is the executor too, or measures.
    [[ $master != local && $master != local\[* && " $* " != *" --dry-run "* ]] || reads_files_only "$@" ||
        spark=(--conf "spark.driver.defaultJavaOptions=-Djava.awt.headless=true ${kernel_options[*]}" "${spark[@]}")
    [[ $1 != demo ]] || spark+=(--driver-class-path "$target/spark-home/hadoop/*")
    [[ $master != k8s://* ]] || use_kubernetes
    [[ $master != yarn ]] || use_yarn
    exec_spark_submit --master "$master" --deploy-mode "${mode:-client}" "${spark[@]}" --class sknet.cli.Main "$jar" "${arguments[@]}"
}
