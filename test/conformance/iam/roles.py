"""IAM and STS through boto3: python roles.py URL ACCESS_KEY SECRET_KEY.

Says what it found wrong and exits with 1; otherwise its last line is JSON, the operations that succeeded by service.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

url, access_key, secret_key = sys.argv[1:]


driven = {}


def record(http_response, model, **_):
    if http_response.status_code < 300:
        driven.setdefault(model.service_model.service_name, set()).add(model.name)


def client(service, key=access_key, secret=secret_key, token=None):
    made = boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )
    made.meta.events.register("after-call", record)
    return made


def policy(**statement):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def equal(actual, expected):
    if actual != expected:
        sys.exit(f"expected {expected!r}, found {actual!r}")


iam = client("iam")
sts = client("sts")
name = f"boto3-{boto3.__version__}"
account = sts.get_caller_identity()["Account"]
trust = policy(Principal={"AWS": f"arn:aws:iam::{account}:root"}, Action="sts:AssumeRole")
rights = policy(Action="iam:GetRole", Resource="*")

role = iam.create_role(
    RoleName=name,
    Path="/boto3/",
    AssumeRolePolicyDocument=json.dumps(trust),
    Tags=[{"Key": "client", "Value": "boto3"}],
)["Role"]
equal(role["Arn"], f"arn:aws:iam::{account}:role/boto3/{name}")
equal(role["AssumeRolePolicyDocument"], trust)
equal(iam.get_role(RoleName=name)["Role"]["Tags"], [{"Key": "client", "Value": "boto3"}])
equal(code_of(iam.create_role, RoleName=name, AssumeRolePolicyDocument=json.dumps(trust)), "EntityAlreadyExists")
equal(code_of(iam.put_role_policy, RoleName=name, PolicyName="p", PolicyDocument="{"), "MalformedPolicyDocument")

iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(rights))
equal(iam.get_role_policy(RoleName=name, PolicyName="p")["PolicyDocument"], rights)
managed = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(rights))["Policy"]
version = iam.get_policy_version(PolicyArn=managed["Arn"], VersionId=managed["DefaultVersionId"])
equal(version["PolicyVersion"]["Document"], rights)
iam.attach_role_policy(RoleName=name, PolicyArn=managed["Arn"])
equal(iam.list_role_policies(RoleName=name)["PolicyNames"], ["p"])
attached = [
    attachment["PolicyName"]
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    for attachment in page["AttachedPolicies"]
]
equal(attached, [name])
listed = [
    found["RoleName"]
    for page in iam.get_paginator("list_roles").paginate(PathPrefix="/boto3/", PaginationConfig={"PageSize": 1})
    for found in page["Roles"]
]
equal(name in listed, True)

equal(iam.get_policy(PolicyArn=managed["Arn"])["Policy"]["AttachmentCount"], 1)
local = [
    found["PolicyName"]
    for page in iam.get_paginator("list_policies").paginate(Scope="Local")
    for found in page["Policies"]
]
equal(local, [name])
versions = iam.list_policy_versions(PolicyArn=managed["Arn"])["Versions"]
equal([(found["VersionId"], found["IsDefaultVersion"]) for found in versions], [("v1", True)])
[entity] = iam.list_entities_for_policy(PolicyArn=managed["Arn"])["PolicyRoles"]
equal(entity, {"RoleName": name, "RoleId": role["RoleId"]})
equal(iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"], [])

iam.tag_role(RoleName=name, Tags=[{"Key": "stage", "Value": "test"}])
iam.untag_role(RoleName=name, TagKeys=["client"])
equal(iam.list_role_tags(RoleName=name)["Tags"], [{"Key": "stage", "Value": "test"}])
described = iam.update_role_description(RoleName=name, Description="before")["Role"]
equal(described["Description"], "before")
iam.update_role(RoleName=name, Description="after", MaxSessionDuration=7200)
updated = iam.get_role(RoleName=name)["Role"]
equal((updated["Description"], updated["MaxSessionDuration"]), ("after", 7200))
wider = policy(Principal={"AWS": "*"}, Action="sts:AssumeRole")
iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(wider))
equal(iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"], wider)
iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))

service = "sagemaker.application-autoscaling.amazonaws.com"
linked = iam.create_service_linked_role(AWSServiceName=service)["Role"]
equal(linked["Path"], f"/aws-service-role/{service}/")
equal(linked["RoleName"], "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint")
equal(code_of(iam.create_service_linked_role, AWSServiceName=service), "InvalidInput")

session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="session", DurationSeconds=900)
key = session["Credentials"]
temporary = (key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])
identity = client("sts", *temporary).get_caller_identity()
equal(identity["Arn"], f"arn:aws:sts::{account}:assumed-role/{name}/session")
equal(identity["UserId"], f"{role['RoleId']}:session")
limited = client("iam", *temporary)
equal(limited.get_role(RoleName=name)["Role"]["RoleId"], role["RoleId"])
equal(code_of(limited.list_roles), "AccessDenied")
equal(code_of(client("sts", temporary[0], temporary[1]).get_caller_identity), "InvalidClientTokenId")
equal(len(sts.get_session_token()["Credentials"]["AccessKeyId"]), 20)

equal(code_of(iam.delete_role, RoleName=name), "DeleteConflict")
iam.detach_role_policy(RoleName=name, PolicyArn=managed["Arn"])
iam.delete_role_policy(RoleName=name, PolicyName="p")
iam.delete_policy(PolicyArn=managed["Arn"])
iam.delete_role(RoleName=name)
equal(code_of(iam.get_role, RoleName=name), "NoSuchEntity")
print(name)
print(json.dumps({service: sorted(operations) for service, operations in driven.items()}))
