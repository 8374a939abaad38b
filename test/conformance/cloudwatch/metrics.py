"""CloudWatch through boto3: python metrics.py URL ACCESS_KEY SECRET_KEY.

Says what it found wrong and exits with 1; otherwise its last line is JSON, the operations that succeeded by service.
"""

import datetime
import json
import sys

import boto3

url, access_key, secret_key = sys.argv[1:]

cloudwatch = boto3.client(
    "cloudwatch",
    region_name="us-east-1",
    endpoint_url=url,
    aws_access_key_id=access_key,
    aws_secret_access_key=secret_key,
)
errors = cloudwatch.exceptions
driven = {}


def record(http_response, model, **_):
    if http_response.status_code < 300:
        driven.setdefault(model.service_model.service_name, set()).add(model.name)


cloudwatch.meta.events.register("after-call", record)


def equal(actual, expected):
    if actual != expected:
        sys.exit(f"expected {expected!r}, found {actual!r}")


def fails(error, code, call, **arguments):
    try:
        call(**arguments)
    except error as raised:
        equal(raised.response["Error"]["Code"], code)
        return raised.response["Error"]["Message"]
    sys.exit(f"{call} did not fail")


namespace = f"boto3/{boto3.__version__}"
minute = datetime.timedelta(minutes=1)
now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
dimensions = [{"Name": "Instance", "Value": "i-1"}]
window = {"StartTime": now - 60 * minute, "EndTime": now + minute}

cloudwatch.put_metric_data(
    Namespace=namespace,
    MetricData=[
        {"MetricName": "m", "Dimensions": dimensions, "Timestamp": now - at * minute, "Value": at + 0.5, "Unit": "Count"}
        for at in range(12)
    ]
    + [
        {"MetricName": "m", "Dimensions": dimensions, "Timestamp": now, "Values": [1.0, 2.0], "Counts": [2.0, 1.0], "Unit": "Count"},
        {
            "MetricName": "set",
            "Timestamp": now,
            "StatisticValues": {"SampleCount": 2, "Sum": 3, "Minimum": 1, "Maximum": 2},
            "StorageResolution": 1,
        },
    ],
)
# Large enough that newer versions send it compressed.
many = [{"MetricName": f"many{at}", "Value": at} for at in range(1000)]
cloudwatch.put_metric_data(Namespace=namespace, MetricData=many)

answer = cloudwatch.get_metric_statistics(
    Namespace=namespace, MetricName="m", Dimensions=dimensions, Period=60, Statistics=["Sum", "SampleCount"], **window
)
points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
equal(len(points), 12)
equal((points[-1]["Timestamp"], points[-1]["Sum"], points[-1]["SampleCount"]), (now, 4.5, 4.0))
equal(points[0]["Unit"], "Count")

stat = {"Metric": {"Namespace": namespace, "MetricName": "m", "Dimensions": dimensions}, "Period": 60, "Stat": "Maximum"}
values = []
for page in cloudwatch.get_paginator("get_metric_data").paginate(
    MetricDataQueries=[{"Id": "m", "MetricStat": stat}], ScanBy="TimestampAscending", MaxDatapoints=5, **window
):
    values += page["MetricDataResults"][0]["Values"]
equal(values, [at + 0.5 for at in range(11, 0, -1)] + [2.0])

names = [
    metric["MetricName"]
    for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace)
    for metric in page["Metrics"]
]
equal(sorted(names), sorted(["m", "set"] + [datum["MetricName"] for datum in many]))

message = fails(
    errors.InvalidParameterValueException,
    "InvalidParameterValue",
    cloudwatch.put_metric_data,
    Namespace=namespace,
    MetricData=[{"MetricName": "m", "Value": 1, "Timestamp": now - 30 * 1440 * minute}],
)
equal(message, "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.")
fails(
    errors.InvalidParameterCombinationException,
    "InvalidParameterCombination",
    cloudwatch.get_metric_statistics,
    Namespace=namespace,
    MetricName="m",
    Period=1,
    Statistics=["Sum"],
    **window,
)
fails(errors.MissingRequiredParameterException, "MissingParameter", cloudwatch.put_metric_data, Namespace=namespace, MetricData=[])
print(namespace)
print(json.dumps({service: sorted(operations) for service, operations in driven.items()}))
