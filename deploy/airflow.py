"""An example for Apache Airflow 2: a training and, in another Spark application beside it, the evaluation of its checkpoints.

Both tasks may be retried: each goes on where it was. The watch ends by itself when all runs of the training are finished.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

SKNET = "/opt/sknet/sknet --master spark://master:7077 --spark-conf spark.executor.cores=8"
DATA = "hdfs://namenode:8020/data/imagenet"
RUNS = "hdfs://namenode:8020/runs/sknet-50"

with DAG(
    dag_id="sknet_50",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    catchup=False,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
) as dag:
    train = BashOperator(
        task_id="train",
        bash_command=f"{SKNET} --spark-conf spark.cores.max=64 train --data {DATA} --output {RUNS}",
    )
    # Not behind the training but beside it. It holds two executors; evaluate.idle-timeout would give them back while nothing is new.
    watch = BashOperator(
        task_id="watch",
        bash_command=f"{SKNET} --spark-conf spark.cores.max=16 evaluate {RUNS} --data {DATA} --watch --details"
        " --set 'evaluate.crop-sizes=[224, 320]'",
    )
    report = BashOperator(
        task_id="report",
        bash_command=f"{SKNET} report {RUNS} /srv/reports/sknet-50.html",
    )
    [train, watch] >> report
