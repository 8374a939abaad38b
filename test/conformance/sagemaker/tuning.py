"""SageMaker through boto3: python tuning.py URL ACCESS_KEY SECRET_KEY.

A small life cycle: pictures, a training job, a search, a model of its best, a batch transform. Says what it found wrong and exits with 1;
otherwise its last line is JSON, the operations that succeeded by service.
"""

import json
import random
import struct
import sys
import time
import zlib

import boto3
from botocore.exceptions import ClientError

url, access_key, secret_key = sys.argv[1:]
options = {
    "region_name": "us-east-1",
    "endpoint_url": url,
    "aws_access_key_id": access_key,
    "aws_secret_access_key": secret_key,
}
sagemaker = boto3.client("sagemaker", **options)
s3 = boto3.client("s3", **options)
iam = boto3.client("iam", **options)
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
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)
        return error.response["Error"]["Message"]
    sys.exit(f"{call} did not fail")


def ended(describe, status, **name):
    while True:
        job = describe(**name)
        if job[status] in ("Completed", "Failed", "Stopped"):
            return job
        time.sleep(0.1)


def png(upright, generator):
    """Noisy stripes, upright or level, on a square of 32 × 32 grey pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def pixel(x, y):
        stripe = 190 if (x if upright else y) // 4 % 2 else 60
        return stripe + generator.randrange(-50, 50)

    rows = b"".join(b"\0" + bytes(pixel(x, y) for x in range(32)) for y in range(32))
    head = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


s3.create_bucket(Bucket="photos")
generator = random.Random(1)
for split, count in {"train": 6, "valid": 12}.items():
    for name in ("upright", "level"):
        for number in range(count):
            s3.put_object(Bucket="photos", Key=f"stripes/{split}/{name}/{number}.png", Body=png(name == "upright", generator))

trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
document = {"Version": "2012-10-17", "Statement": [trust]}
role = iam.create_role(RoleName="jobs", AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"]
rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_role_policy(RoleName="jobs", PolicyName="data", PolicyDocument=json.dumps(rights))

shared = {
    "AlgorithmSpecification": {"TrainingImage": "whippet", "TrainingInputMode": "File"},
    "RoleArn": role,
    "InputDataConfig": [
        {
            "ChannelName": "training",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://photos/stripes/"}},
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://photos/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600},
}
settings = {"backbone": "scatter", "epochs": "5", "audit": "false"}

# A training job, and one that is stopped.
arn = sagemaker.create_training_job(TrainingJobName="one", HyperParameters=settings, **shared)["TrainingJobArn"]
sagemaker.create_training_job(TrainingJobName="stopped", HyperParameters=settings, **shared)
sagemaker.stop_training_job(TrainingJobName="stopped")
one = ended(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName="one")
equal((one["TrainingJobStatus"], one.get("FailureReason")), ("Completed", None))
ended(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName="stopped")
pages = sagemaker.get_paginator("list_training_jobs").paginate(
    SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 1}
)
equal([job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]], ["one", "stopped"])
sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}, {"Key": "more", "Value": ""}])
sagemaker.delete_tags(ResourceArn=arn, TagKeys=["more"])
equal(sagemaker.list_tags(ResourceArn=arn)["Tags"], [{"Key": "stage", "Value": "test"}])

# A search, and one that is stopped. Values of categories are JSON, as the SageMaker SDK sends them.
config = {
    "Strategy": "Bayesian",
    "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "validation:accuracy"},
    "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
    "ParameterRanges": {
        "ContinuousParameterRanges": [{"Name": "learning_rate", "MinValue": "0.001", "MaxValue": "0.1"}],
        "CategoricalParameterRanges": [{"Name": "optimizer", "Values": ['"sgd"', '"adam"']}],
    },
}
definition = {"StaticHyperParameters": settings, **shared}
for name in ("search", "halted"):
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, HyperParameterTuningJobConfig=config, TrainingJobDefinition=definition
    )
sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName="halted")
describe = sagemaker.describe_hyper_parameter_tuning_job
search = ended(describe, "HyperParameterTuningJobStatus", HyperParameterTuningJobName="search")
equal((search["HyperParameterTuningJobStatus"], search.get("FailureReason")), ("Completed", None))
equal(search["ObjectiveStatusCounters"], {"Succeeded": 2, "Pending": 0, "Failed": 0})
halted = ended(describe, "HyperParameterTuningJobStatus", HyperParameterTuningJobName="halted")
equal(halted["HyperParameterTuningJobStatus"], "Stopped")
listed = sagemaker.list_hyper_parameter_tuning_jobs(StatusEquals="Stopped")["HyperParameterTuningJobSummaries"]
equal([job["HyperParameterTuningJobName"] for job in listed], ["halted"])
trials = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
    HyperParameterTuningJobName="search", SortBy="FinalObjectiveMetricValue", SortOrder="Descending"
)["TrainingJobSummaries"]
values = [trial["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for trial in trials]
equal(values, sorted(values, reverse=True))
best = search["BestTrainingJob"]
equal(best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"], values[0])
message = fails("ResourceNotFound", describe, HyperParameterTuningJobName="absent")
equal(message, "Amazon SageMaker can't find a tuning job called absent. Type another name.")

# Its best becomes a model, which transforms pictures.
trained = sagemaker.describe_training_job(TrainingJobName=best["TrainingJobName"])
container = {"Image": "whippet", "ModelDataUrl": trained["ModelArtifacts"]["S3ModelArtifacts"]}
model = {"ModelName": "stripes", "PrimaryContainer": container, "ExecutionRoleArn": role}
model_arn = sagemaker.create_model(**model)["ModelArn"]
message = fails("ValidationException", sagemaker.create_model, **model)
equal(message, f'Cannot create already existing model "{model_arn}".')
equal(sagemaker.describe_model(ModelName="stripes")["PrimaryContainer"]["Image"], "whippet")
equal([item["ModelName"] for item in sagemaker.list_models()["Models"]], ["stripes"])
source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://photos/stripes/valid/upright/"}}
transform = {
    "ModelName": "stripes",
    "TransformInput": {"DataSource": source, "ContentType": "image/png"},
    "TransformOutput": {"S3OutputPath": "s3://photos/results", "Accept": "application/vnd.whippet+json"},
    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
}
for name in ("results", "cancelled"):
    sagemaker.create_transform_job(TransformJobName=name, **transform)
sagemaker.stop_transform_job(TransformJobName="cancelled")
results = ended(sagemaker.describe_transform_job, "TransformJobStatus", TransformJobName="results")
equal((results["TransformJobStatus"], results.get("FailureReason")), ("Completed", None))
ended(sagemaker.describe_transform_job, "TransformJobStatus", TransformJobName="cancelled")
listed = sagemaker.list_transform_jobs(SortBy="Name", SortOrder="Ascending")["TransformJobSummaries"]
equal([job["TransformJobName"] for job in listed], ["cancelled", "results"])
body = s3.get_object(Bucket="photos", Key="results/0.png.out")["Body"].read()
equal(sorted(item["label"] for item in json.loads(body)["predictions"]), ["level", "upright"])
sagemaker.delete_model(ModelName="stripes")
message = fails("ValidationException", sagemaker.describe_model, ModelName="stripes")
equal(message, f'Could not find model "{model_arn}".')

print(f"boto3-{boto3.__version__}")
print(json.dumps({service: sorted(names) for service, names in driven.items()}))
