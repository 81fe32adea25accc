#!/usr/bin/env bash
# Puts Spark and the program into HDFS, once for each version of them: a submission to YARN then uploads nothing but its settings.
set -euo pipefail

fail() {
    echo "upload.sh: $*" >&2
    exit "${status:-1}"
}

if (($# != 1)) || [[ $1 == -* ]]; then
    cat >&2 <<'TEXT'
Usage: deploy/yarn/upload.sh DIR      e.g. hdfs://namenode:8020/apps/sknet; prints the line for spark-defaults.conf or --spark-conf
Environment: HADOOP_CONF_DIR (the cluster's configuration), SPARK_HOME (default: the one in the build), JAVA_HOME (a JDK)
TEXT
    exit 2
fi
root=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..")
spark_home=${SPARK_HOME:-$root/spark-jobs/target/spark-home}
program=$root/spark-jobs/target/sknet.jar
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
[[ -e $program && -d $spark_home/jars ]] || status=2 fail "Cannot find $program and $spark_home/jars (expected ./sknet build before)"
[[ -z ${HADOOP_CONF_DIR-} || -e $HADOOP_CONF_DIR/core-site.xml ]] ||
    status=2 fail "Cannot use HADOOP_CONF_DIR=$HADOOP_CONF_DIR: there is no core-site.xml in it"

hdfs() {
    "${bin}java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -cp "$root/conf/spark:${HADOOP_CONF_DIR:+$HADOOP_CONF_DIR:}$spark_home/jars/*" org.apache.hadoop.fs.FsShell "$@"
}

# Named by its content: running applications keep the version they began with.
spark=$(basename "$spark_home"/jars/spark-core_*.jar .jar)
hash=$(cd "$spark_home/jars" && sha256sum -- *.jar "$program" | sed "s|$program|sknet.jar|" | sha256sum)
place=${1%/}/${spark##*-}-${hash:0:12}
if hdfs -test -e "$place/sknet.jar"; then
    echo "upload.sh: it is there already" >&2
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    "${bin}jar" --create --file "$work/spark.zip" --no-compress --no-manifest -C "$spark_home/jars" .
    # It has its name when it is whole.
    part=$place.part.$$
    hdfs -mkdir -p "$part"
    hdfs -put "$work/spark.zip" "$program" "$part"
    # Nodes keep one copy for all users of what everybody may read.
    hdfs -chmod -R a+rX "$part"
    hdfs -mv "$part" "$place"
    echo "upload.sh: $(($(stat -c %s "$work/spark.zip") / 1000000)) MB of Spark and $(($(stat -c %s "$program") / 1000000)) MB of program are in $place" >&2
fi
echo "spark.sknet.uploaded=$place"
