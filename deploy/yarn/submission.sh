# Part of ./sknet: what a submission to YARN needs beside Spark's own options.
# Reads root, mode and spark (an array) of the launcher; changes spark, jar and arguments (an array).
# shellcheck shell=bash disable=SC2034,SC2154

# Spark would wait long for a ResourceManager at 0.0.0.0.
need_hadoop_configuration() {
    local directories=(${HADOOP_CONF_DIR:+"$HADOOP_CONF_DIR"} ${YARN_CONF_DIR:+"$YARN_CONF_DIR"})
    ((${#directories[@]} > 0)) ||
        fail "Cannot use YARN: HADOOP_CONF_DIR is not set (expected the directory of the cluster's core-site.xml, hdfs-site.xml and yarn-site.xml)"
    local directory
    for directory in "${directories[@]}"; do
        [[ ! -e $directory/yarn-site.xml ]] || return 0
    done
    fail "Cannot use YARN: there is no $directory/yarn-site.xml (expected it where HADOOP_CONF_DIR or YARN_CONF_DIR says)"
}

# Spark and the program are in HDFS already, where deploy/yarn/upload.sh has put them.
use_uploaded() {
    local uploaded
    uploaded=$(spark_setting spark.sknet.uploaded)
    [[ -n $uploaded ]] || return 0
    spark=(--conf "spark.yarn.archive=$uploaded/spark.zip" "${spark[@]}")
    jar=$uploaded/sknet.jar
}

# Each executor asks for its GPUs' addresses where it runs.
use_gpus() {
    local gpus
    gpus=$(spark_setting spark.executor.resource.gpu.amount)
    [[ -n $gpus && -z $(spark_setting spark.executor.resource.gpu.discoveryScript) ]] || return 0
    ship "$root/deploy/standalone/gpus.sh" gpus.sh
    spark=(--conf spark.executor.resource.gpu.discoveryScript=./gpus.sh --conf "spark.task.resource.gpu.amount=$gpus" "${spark[@]}")
}

shipped=()
# A file of this machine that is to be in each container's directory, under a name.
ship() {
    local path
    path=$(readlink -f "$1")
    [[ -r $path ]] || fail "Cannot read $1: there is no such file"
    [[ ! $path =~ [^A-Za-z0-9._/@+=-] ]] || fail "Cannot ship $path to the driver (expected a path of letters, digits and ._/@+=- alone)"
    shipped+=("$path#$2")
}

# The driver runs elsewhere: the files of settings that arguments name go with it.
ship_settings() {
    local all=("${arguments[@]}") last='' argument name
    arguments=()
    for argument in "${all[@]}"; do
        if [[ $argument == --conf=* ]]; then
            arguments+=(--conf)
            last=--conf
            argument=${argument#*=}
        fi
        if [[ $last == --conf || ($last == run && ${all[0]} == experiment && -f $argument) ]]; then
            ! grep -Eqs '^[[:space:]]*include[[:space:]("]' "$argument" ||
                fail "Cannot ship $argument to the driver: it includes other files (expected one file, or --deploy-mode client)"
            # Experiments are known by their files' names.
            [[ $last == run ]] && name=${argument##*/} || name=${#shipped[@]}-${argument##*/}
            ship "$argument" "$name"
            argument=$name
        fi
        arguments+=("$argument")
        last=$argument
    done
}

use_yarn() {
    [[ -x $SPARK_HOME/bin/spark-submit && -e ${SPARK_CONF_DIR-}/spark-env.sh ]] || need_hadoop_configuration
    use_uploaded
    use_gpus
    if [[ $mode == cluster ]]; then
        ship_settings
        ship "$root/deploy/yarn/driver.sh" driver.sh
        spark=(--conf spark.yarn.appMasterEnv.BASH_ENV=./driver.sh "${spark[@]}")
    fi
    # A run of weeks may lose more executors, and drivers, than YARN forgives when it counts them all.
    spark=(
        --conf spark.executor.failuresValidityInterval=1h
        --conf spark.yarn.am.attemptFailuresValidityInterval=1h
        "${spark[@]}"
    )
    if ((${#shipped[@]} > 0)); then
        local files
        files=$(spark_setting spark.files)
        spark+=(--files "${files:+$files,}$(IFS=,; echo "${shipped[*]}")")
    fi
}
