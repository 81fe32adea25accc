#!/usr/bin/env bash
# The entry of the image: drivers and executors as Spark starts them, and any command of ./sknet, for a Job. A command's pod is Spark's driver.
set -euo pipefail

root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

fail() {
    echo "entrypoint.sh: $*" >&2
    exit 2
}

# Spark's Kubernetes mode sets these variables. It reads a secret from a file only where it knows the master to be Kubernetes, which an executor
# would learn too late.
executor() {
    local options=(-Dspark.master=k8s://) name
    for name in "${!SPARK_JAVA_OPT_@}"; do
        options+=("${!name}")
    done
    exec "$java" "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
        -cp "${SPARK_CLASSPATH:+$SPARK_CLASSPATH:}$SPARK_CONF_DIR:$SPARK_HOME/jars/*${HADOOP_CONF_DIR:+:$HADOOP_CONF_DIR}" \
        org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend --driver-url "$SPARK_DRIVER_URL" \
        --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" --app-id "$SPARK_APPLICATION_ID" \
        --hostname "$SPARK_EXECUTOR_POD_IP" --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
}

driver() {
    # shellcheck source=deploy/submit.sh
    source "$root/deploy/submit.sh"
    exec_spark_submit --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" --deploy-mode client "$@"
}

# A training that is told to end writes a checkpoint and ends with 0. To a Job that would mean that all is done; with another exit code it starts
# another pod, which goes on from there.
command() {
    local options=() child status=0 told=
    if [[ -n ${POD_NAME-} ]]; then
        options=(--spark-conf "spark.kubernetes.driver.pod.name=$POD_NAME" --spark-conf "spark.driver.host=$POD_IP"
            --spark-conf "spark.driver.bindAddress=$POD_IP")
    fi
    trap 'told=yes; kill -TERM "$child"' TERM
    "$root/sknet" "${options[@]}" "$@" &
    child=$!
    wait "$child" || status=$?
    if [[ -n $told ]]; then
        # The signal has interrupted the first wait.
        status=0
        wait "$child" || status=$?
        ((status)) || status=143
    fi
    exit "$status"
}

case ${1-} in
    executor) executor ;;
    driver) driver "${@:2}" ;;
    '') fail "Cannot run nothing (expected driver, executor or a command of sknet)" ;;
    *) command "$@" ;;
esac
