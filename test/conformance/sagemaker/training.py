"""Training jobs through boto3: python training.py URL ACCESS_KEY SECRET_KEY.

Says what it found wrong and exits with 1; otherwise its last line is JSON, the operations that succeeded by service.
"""

import io
import json
import random
import struct
import sys
import tarfile
import time
import zlib

import boto3

url, access_key, secret_key = sys.argv[1:]
session = boto3.session.Session(
    aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name="us-east-1"
)
sagemaker, s3, iam, logs = (
    session.client(name, endpoint_url=url) for name in ("sagemaker", "s3", "iam", "logs")
)
errors = sagemaker.exceptions
driven = {}


def record(http_response, model, **_):
    if http_response.status_code < 300:
        driven.setdefault(model.service_model.service_name, set()).add(model.name)


sagemaker.meta.events.register("after-call", record)


def equal(actual, expected):
    if actual != expected:
        sys.exit(f"expected {expected!r}, found {actual!r}")


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except sagemaker.exceptions.ClientError as raised:
        equal(raised.response["Error"]["Code"], code)
        return raised.response["Error"]["Message"]
    sys.exit(f"{call} did not fail")


def png(colour):
    """16 by 16 pixels around a colour."""
    row = lambda: bytes([0]) + bytes(min(255, max(0, value + random.randint(-40, 40))) for _ in range(16) for value in colour)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(row() for _ in range(16)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


random.seed(1)
s3.create_bucket(Bucket="colours")
for split, count in {"train": 6, "valid": 3}.items():
    for name, colour in {"red": (200, 40, 40), "blue": (40, 40, 200)}.items():
        for at in range(count):
            s3.put_object(Bucket="colours", Key=f"data/{split}/{name}/{at}.png", Body=png(colour))
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
role = iam.create_role(RoleName="training", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
iam.attach_role_policy(RoleName="training", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")


def create(name, **more):
    request = {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": "whippet", "TrainingInputMode": "File"},
        "RoleArn": role,
        # As the SageMaker SDK sends them: every value is JSON.
        "HyperParameters": {"backbone": '"scatter"', "epochs": "3", "audit": '"false"'},
        "InputDataConfig": [
            {
                "ChannelName": "training",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": "s3://colours/data",
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://colours/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }
    return sagemaker.create_training_job(**{**request, **more})["TrainingJobArn"]


arn = create("first", Tags=[{"Key": "client", "Value": "boto3"}])
equal(arn, "arn:aws:sagemaker:us-east-1:000000000000:training-job/first")
sagemaker.get_waiter("training_job_completed_or_stopped").wait(
    TrainingJobName="first", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
)
job = sagemaker.describe_training_job(TrainingJobName="first")
equal(job["TrainingJobStatus"], "Completed")
# What the SageMaker SDK reads of a job.
for member in ("SecondaryStatusTransitions", "ResourceConfig", "TrainingTimeInSeconds", "BillableTimeInSeconds"):
    equal(member in job, True)
equal(sorted(metric["MetricName"] for metric in job["FinalMetricDataList"])[0], "train:loss")
bucket, key = job["ModelArtifacts"]["S3ModelArtifacts"][len("s3://") :].split("/", 1)
archive = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
names = tarfile.open(fileobj=io.BytesIO(archive)).getnames()
equal("model.onnx" in names and "whippet.json" in names, True)

streams = logs.describe_log_streams(logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix="first/")
equal("nextToken" in streams, False)
[stream] = [stream["logStreamName"] for stream in streams["logStreams"]]
lines = logs.get_log_events(
    logGroupName="/aws/sagemaker/TrainingJobs", logStreamName=stream, startFromHead=True
)["events"]
equal(sum(line["message"].startswith("epoch=") for line in lines), 3)

sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
equal(
    sagemaker.list_tags(ResourceArn=arn)["Tags"],
    [{"Key": "client", "Value": "boto3"}, {"Key": "stage", "Value": "test"}],
)
sagemaker.delete_tags(ResourceArn=arn, TagKeys=["stage"])
equal(sagemaker.list_tags(ResourceArn=arn)["Tags"], [{"Key": "client", "Value": "boto3"}])

create("second", HyperParameters={"backbone": "scatter", "epochs": "10000", "batch_size": "1", "patience": "0"})
sagemaker.stop_training_job(TrainingJobName="second")
while (status := sagemaker.describe_training_job(TrainingJobName="second")["TrainingJobStatus"]) == "Stopping":
    time.sleep(0.2)
equal(status, "Stopped")
message = fails("ValidationException", sagemaker.stop_training_job, TrainingJobName="second")
equal("in status Stopped" in message, True)
message = fails("ValidationException", sagemaker.describe_training_job, TrainingJobName="nobody")
equal(message, "Requested resource not found.")
fails("ResourceInUse", create, name="first")
found = [
    summary["TrainingJobName"]
    for page in sagemaker.get_paginator("list_training_jobs").paginate(
        SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 1}
    )
    for summary in page["TrainingJobSummaries"]
]
equal(found, ["first", "second"])
print(f"boto3-{boto3.__version__}")
print(json.dumps({service: sorted(operations) for service, operations in driven.items()}))
