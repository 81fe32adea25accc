# Part of cluster.sh and node.sh: writes the configuration that the cluster's clients and its own daemons read.
# Reads setting, worker_hosts, directory, client and root of settings.sh.
# shellcheck shell=bash disable=SC2154

file_system() {
    echo "hdfs://${setting[MASTER_HOST]}:${setting[NAMENODE_PORT]}"
}

spark_master() {
    echo "spark://${setting[MASTER_HOST]}:${setting[MASTER_PORT]}"
}

# The address by which this host reaches the Master, and so executors reach a driver here.
own_address() {
    local master
    master=$(getent ahostsv4 "${setting[MASTER_HOST]}" | sed -n '1s/ .*//p')
    [[ -n $master ]] || fail "Cannot use MASTER_HOST=${setting[MASTER_HOST]} of $conf: $(uname -n) knows no address of it"
    if [[ $master == 127.* ]]; then
        echo 127.0.0.1
    elif command -v ip > /dev/null; then
        ip -4 route get "$master" | sed -n '1s/.* src \([0-9.]*\).*/\1/p'
    else
        hostname -I | cut -d ' ' -f 1
    fi
}

# Puts standard input in place of a file, whole. Two daemons of a host may do so at once.
put() {
    local file=$1 mode=$2 new
    new=$(mktemp "$file.XXXXXX")
    cat > "$new"
    chmod "$mode" "$new"
    mv "$new" "$file"
}

# Key and value by turns, as Hadoop wants them.
hadoop_xml() {
    echo '<?xml version="1.0"?>'
    echo '<configuration>'
    while (($#)); do
        echo "  <property><name>$1</name><value>$2</value></property>"
        shift 2
    done
    echo '</configuration>'
}

spark_defaults() {
    local cores=$((${#worker_hosts[@]} * setting[EXECUTORS_PER_WORKER] * setting[EXECUTOR_CORES]))
    cat "$root/conf/spark/spark-defaults.conf"
    cat << TEXT

# Of this cluster.
spark.master                 $(spark_master)
spark.driver.host            $address
spark.driver.bindAddress     $address
spark.executor.cores         ${setting[EXECUTOR_CORES]}
spark.executor.memory        ${setting[EXECUTOR_MEMORY]}
spark.cores.max              $cores
# What applications leave in the Workers' directories goes when they have been over for a week.
spark.worker.cleanup.enabled true
TEXT
    [[ -z ${setting[GPU_SCRIPT]} ]] || cat << TEXT
spark.worker.resource.gpu.amount            ${setting[EXECUTORS_PER_WORKER]}
spark.worker.resource.gpu.discoveryScript   ${setting[GPU_SCRIPT]}
spark.executor.resource.gpu.amount          1
spark.task.resource.gpu.amount              1
# CUDA counts the fastest first otherwise, and nvidia-smi does not.
spark.executorEnv.CUDA_DEVICE_ORDER         PCI_BUS_ID
TEXT
    [[ -z $secret ]] || cat << TEXT
spark.authenticate                 true
spark.authenticate.secret          $secret
spark.network.crypto.enabled       true
spark.network.crypto.authEngineVersion   2
TEXT
}

spark_environment() {
    echo "SPARK_LOCAL_IP=$address"
    [[ -z ${setting[HADOOP_CONF]} ]] || echo "HADOOP_CONF_DIR=${setting[HADOOP_CONF]}"
}

hdfs_site() {
    local copies=${setting[REPLICATION]}
    [[ -n $copies ]] || copies=$((${#worker_hosts[@]} < 3 ? ${#worker_hosts[@]} : 3))
    # A DataNode of several networks is reached by the name in cluster.conf.
    hadoop_xml dfs.replication "$copies" dfs.client.use.datanode.hostname true dfs.datanode.use.datanode.hostname true
}

write_configuration() {
    local address secret=
    address=$(own_address)
    [[ -z ${setting[SECRET_FILE]} ]] || secret=$(secret)
    mkdir -p "$client"
    spark_defaults | put "$client/spark-defaults.conf" "$([[ -z $secret ]] && echo 644 || echo 600)"
    spark_environment | put "$client/spark-env.sh" 644
    put "$client/log4j2.properties" 644 < "$root/conf/spark/log4j2.properties"
    put "$client/metrics.properties" 644 < "$root/conf/spark/metrics.properties"
    if [[ -z ${setting[HADOOP_CONF]} ]]; then
        hadoop_xml fs.defaultFS "$(file_system)" | put "$client/core-site.xml" 644
        hdfs_site | put "$client/hdfs-site.xml" 644
    else
        rm -f "$client/core-site.xml" "$client/hdfs-site.xml"
    fi
}
