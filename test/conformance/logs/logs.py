"""CloudWatch Logs through boto3: python logs.py URL ACCESS_KEY SECRET_KEY.

Says what it found wrong and exits with 1; otherwise its last line is JSON, the operations that succeeded by service.
"""

import json
import sys
import time

import boto3

url, access_key, secret_key = sys.argv[1:]

logs = boto3.client(
    "logs",
    region_name="us-east-1",
    endpoint_url=url,
    aws_access_key_id=access_key,
    aws_secret_access_key=secret_key,
)
errors = logs.exceptions
driven = {}


def record(http_response, model, **_):
    if http_response.status_code < 300:
        driven.setdefault(model.service_model.service_name, set()).add(model.name)


logs.meta.events.register("after-call", record)


def equal(actual, expected):
    if actual != expected:
        sys.exit(f"expected {expected!r}, found {actual!r}")


def fails(error, call, **arguments):
    try:
        call(**arguments)
    except error as raised:
        return raised.response["Error"]["Message"]
    sys.exit(f"{call} did not fail")


group = "/aws/sagemaker/TrainingJobs"
job = f"boto3-{boto3.__version__}"
streams = [f"{job}/algo-1", f"{job}/algo-2"]
logs.create_log_group(logGroupName=group, tags={"client": "boto3"})
message = fails(errors.ResourceAlreadyExistsException, logs.create_log_group, logGroupName=group)
equal(message, "The specified log group already exists")
now = int(time.time() * 1000)
for number, stream in enumerate(streams):
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    events = [{"timestamp": now + at, "message": f"{number}: line {at} über"} for at in range(30)]
    answer = logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    equal("rejectedLogEventsInfo" in answer, False)

# As the SageMaker SDK waits for the logs of a job and reads them.
described = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{job}/", limit=2)
equal([stream["logStreamName"] for stream in described["logStreams"]], streams)
equal("nextToken" in described, False)
lines = []
token = {}
while True:
    page = logs.get_log_events(
        logGroupName=group, logStreamName=streams[0], startTime=0, startFromHead=True, limit=7, **token
    )
    if not page["events"]:
        equal(page["nextForwardToken"], token["nextToken"])
        break
    lines += [event["message"] for event in page["events"]]
    token = {"nextToken": page["nextForwardToken"]}
equal(lines, [f"0: line {at} über" for at in range(30)])

found = [
    event["message"]
    for page in logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern='"line 1" -"1:"', PaginationConfig={"PageSize": 4}
    )
    for event in page["events"]
]
equal(found, [line for line in lines if "line 1" in line])
fails(errors.InvalidParameterException, logs.filter_log_events, logGroupName=group, filterPattern="a@b")
fails(errors.ResourceNotFoundException, logs.describe_log_streams, logGroupName="nowhere")

logs.put_retention_policy(logGroupName=group, retentionInDays=7)
[listed] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
equal(listed["retentionInDays"], 7)
equal(listed["arn"], f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:*")
logs.delete_retention_policy(logGroupName=group)
[listed] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
equal("retentionInDays" in listed, False)
arn = listed["arn"][:-2]
equal(logs.list_tags_for_resource(resourceArn=arn)["tags"], {"client": "boto3"})
logs.tag_resource(resourceArn=arn, tags={"stage": "test"})
equal(logs.list_tags_for_resource(resourceArn=arn)["tags"], {"client": "boto3", "stage": "test"})
logs.untag_resource(resourceArn=arn, tagKeys=["client"])
equal(logs.list_tags_for_resource(resourceArn=arn)["tags"], {"stage": "test"})
for stream in streams:
    logs.delete_log_stream(logGroupName=group, logStreamName=stream)
equal(logs.describe_log_streams(logGroupName=group)["logStreams"], [])
logs.delete_log_group(logGroupName=group)
equal(logs.describe_log_groups()["logGroups"], [])
print(job)
print(json.dumps({service: sorted(operations) for service, operations in driven.items()}))
