#!/usr/bin/env bash
# Hadoop's command "hdfs", as far as its shells go, from the jars of the build alone.
# Usage: deploy/hdfs/hdfs.sh dfs|dfsadmin|haadmin|fsck ARGUMENTS, for example: deploy/hdfs/hdfs.sh dfs -ls /
# It reads the core-site.xml and hdfs-site.xml of HADOOP_CONF_DIR, else those of SPARK_CONF_DIR.
set -euo pipefail

fail() {
    echo "hdfs.sh: $*" >&2
    exit 2
}

root=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
home=$root/spark-jobs/target/spark-home
if [[ -z ${HADOOP_CONF_DIR-} && -r ${SPARK_CONF_DIR-}/spark-env.sh ]]; then
    # shellcheck source=/dev/null
    source "$SPARK_CONF_DIR/spark-env.sh"
fi
configuration=${HADOOP_CONF_DIR:-${SPARK_CONF_DIR-}}

case ${1-} in
    dfs) class=org.apache.hadoop.fs.FsShell ;;
    dfsadmin) class=org.apache.hadoop.hdfs.tools.DFSAdmin ;;
    haadmin) class=org.apache.hadoop.hdfs.tools.DFSHAAdmin ;;
    fsck) class=org.apache.hadoop.hdfs.tools.DFSck ;;
    *) fail "Cannot run '${1-}' (expected dfs, dfsadmin, haadmin or fsck, and their arguments)" ;;
esac
shift
[[ -n $configuration && -r $configuration/core-site.xml ]] ||
    fail "Cannot find a core-site.xml in '$configuration' (expected HADOOP_CONF_DIR or SPARK_CONF_DIR to be a directory that has one)"
compgen -G "$home/hadoop/*.jar" > /dev/null || fail "Cannot find Hadoop's jars in $home/hadoop (expected what ./sknet build puts there)"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dhadoop.home.dir=/ \
    "-Dlog4j2.configurationFile=$root/conf/spark/log4j2.properties" --add-opens=java.base/java.lang=ALL-UNNAMED \
    -cp "$configuration:$home/jars/*:$home/hadoop/*" "$class" "$@"
