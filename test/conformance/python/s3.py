"""Drives every S3 operation that is served through boto3, old or new, and prints a line of JSON for each: operation, ok, error.

The endpoint is AWS_ENDPOINT_URL, which older versions of boto3 don't read by themselves; keys and region are where boto3 looks for them.
"""

import hashlib
import json
import os
import sys
import traceback
import urllib.request
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
BUCKET = "python-" + uuid.uuid4().hex[:12]
# Python's order of texts is that of their code points, which is S3's.
DIFFICULT_KEYS = sorted(
    ["a b", "a+b", "a%b", "a%20b", "a&<>\"'b", "~!*()", "😀/x", "müsli", "a/../b", "line\nfeed", "\x01\x7f", "\uffff"]
)
MEBIBYTE = 1024 * 1024

s3 = boto3.client("s3", endpoint_url=ENDPOINT)
steps = []


def drives(operation):
    """The function shows one operation at work. Steps build on those before."""

    def register(step):
        steps.append((operation, step))
        return step

    return register


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def status(response):
    return response["ResponseMetadata"]["HTTPStatusCode"]


def refused(code, call, **parameters):
    """The call is refused with this code. Returns the error's members."""
    try:
        call(**parameters)
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)
        return error.response["Error"]
    raise AssertionError(f"{code} was expected")


def without_metadata(response):
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def put(key, body=b"content", **more):
    return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)


def body_of(key, **more):
    return s3.get_object(Bucket=BUCKET, Key=key, **more)["Body"].read()


@drives("CreateBucket")
def create_bucket():
    equal(s3.create_bucket(Bucket=BUCKET)["Location"], "/" + BUCKET)
    refused("InvalidBucketName", s3.create_bucket, Bucket="a..b")


@drives("HeadBucket")
def head_bucket():
    headers = s3.head_bucket(Bucket=BUCKET)["ResponseMetadata"]["HTTPHeaders"]
    equal(headers["x-amz-bucket-region"], "us-east-1")
    refused("404", s3.head_bucket, Bucket=BUCKET + "-not")


@drives("GetBucketLocation")
def get_bucket_location():
    equal(s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"], None)


@drives("ListBuckets")
def list_buckets():
    answer = s3.list_buckets()
    assert BUCKET in [bucket["Name"] for bucket in answer["Buckets"]]
    equal(len(answer["Owner"]["ID"]), 64)


@drives("PutObject")
def put_object():
    answer = put("folder/object", b"0123456789", ContentType="text/plain", Metadata={"color": "blue"})
    equal(answer["ETag"], '"%s"' % hashlib.md5(b"0123456789").hexdigest())
    refused("BadDigest", put, key="broken", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    checked = put("checked", b"hello", ChecksumAlgorithm="SHA256")
    equal(checked["ChecksumSHA256"], "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")


@drives("GetObject")
def get_object():
    answer = s3.get_object(Bucket=BUCKET, Key="folder/object")
    equal(answer["Body"].read(), b"0123456789")
    equal([answer["ContentType"], answer["Metadata"]], ["text/plain", {"color": "blue"}])
    equal(body_of("folder/object", Range="bytes=2-4"), b"234")
    equal(body_of("checked", ChecksumMode="ENABLED"), b"hello")
    refused("NoSuchKey", s3.get_object, Bucket=BUCKET, Key="nothing")
    refused("304", s3.get_object, Bucket=BUCKET, Key="folder/object", IfNoneMatch=answer["ETag"])
    for version in ("s3", "s3v4"):
        signer = boto3.client("s3", endpoint_url=ENDPOINT, config=Config(signature_version=version))
        place = {"Bucket": BUCKET, "Key": "folder/object"}
        url = signer.generate_presigned_url("get_object", Params=place, ExpiresIn=60)
        with urllib.request.urlopen(url) as response:
            equal(response.read(), b"0123456789")


@drives("HeadObject")
def head_object():
    answer = s3.head_object(Bucket=BUCKET, Key="folder/object")
    equal([answer["ContentLength"], answer["Metadata"]], [10, {"color": "blue"}])
    refused("404", s3.head_object, Bucket=BUCKET, Key="nothing")


@drives("GetObjectAttributes")
def get_object_attributes():
    wanted = ["ETag", "ObjectSize", "StorageClass"]
    answer = s3.get_object_attributes(Bucket=BUCKET, Key="folder/object", ObjectAttributes=wanted)
    equal([answer["ObjectSize"], answer["StorageClass"]], [10, "STANDARD"])
    equal(answer["ETag"], hashlib.md5(b"0123456789").hexdigest())


@drives("GetObjectAcl")
def get_object_acl():
    answer = s3.get_object_acl(Bucket=BUCKET, Key="folder/object")
    equal([grant["Permission"] for grant in answer["Grants"]], ["FULL_CONTROL"])


@drives("CopyObject")
def copy_object():
    source = {"Bucket": BUCKET, "Key": "folder/object"}
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=source)
    equal(body_of("copy"), b"0123456789")
    equal(s3.head_object(Bucket=BUCKET, Key="copy")["Metadata"], {"color": "blue"})


@drives("PutObjectTagging")
def put_object_tagging():
    tags = {"TagSet": [{"Key": "color", "Value": "green blue"}]}
    equal(status(s3.put_object_tagging(Bucket=BUCKET, Key="copy", Tagging=tags)), 200)


@drives("GetObjectTagging")
def get_object_tagging():
    tags = s3.get_object_tagging(Bucket=BUCKET, Key="copy")["TagSet"]
    equal(tags, [{"Key": "color", "Value": "green blue"}])


@drives("DeleteObjectTagging")
def delete_object_tagging():
    equal(status(s3.delete_object_tagging(Bucket=BUCKET, Key="copy")), 204)
    equal(s3.get_object_tagging(Bucket=BUCKET, Key="copy")["TagSet"], [])


@drives("DeleteObject")
def delete_object():
    equal(status(s3.delete_object(Bucket=BUCKET, Key="copy")), 204)
    equal(status(s3.delete_object(Bucket=BUCKET, Key="copy")), 204)
    refused("NoSuchKey", s3.get_object, Bucket=BUCKET, Key="copy")


@drives("CreateMultipartUpload")
def create_multipart_upload():
    answer = s3.create_multipart_upload(Bucket=BUCKET, Key="large", ContentType="image/jpeg")
    equal(answer["Key"], "large")
    uploads["large"] = answer["UploadId"]
    uploads["left"] = s3.create_multipart_upload(Bucket=BUCKET, Key="left & right")["UploadId"]


uploads = {}
etags = {}
PART = bytes(range(256)) * (5 * MEBIBYTE // 256)


@drives("UploadPart")
def upload_part():
    place = {"Bucket": BUCKET, "Key": "large", "UploadId": uploads["large"]}
    etags[1] = s3.upload_part(**place, PartNumber=1, Body=PART)["ETag"]
    equal(etags[1], '"%s"' % hashlib.md5(PART).hexdigest())
    missing = {**place, "UploadId": "nothing"}
    refused("NoSuchUpload", s3.upload_part, **missing, PartNumber=1, Body=b"x")


@drives("UploadPartCopy")
def upload_part_copy():
    place = {"Bucket": BUCKET, "Key": "large", "UploadId": uploads["large"]}
    source = {"Bucket": BUCKET, "Key": "folder/object"}
    answer = s3.upload_part_copy(**place, PartNumber=2, CopySource=source, CopySourceRange="bytes=0-4")
    etags[2] = answer["CopyPartResult"]["ETag"]
    equal(etags[2], '"%s"' % hashlib.md5(b"01234").hexdigest())


@drives("ListParts")
def list_parts():
    place = {"Bucket": BUCKET, "Key": "large", "UploadId": uploads["large"]}
    pages = s3.get_paginator("list_parts").paginate(**place, PaginationConfig={"PageSize": 1})
    parts = [part for page in pages for part in page["Parts"]]
    equal([(part["PartNumber"], part["Size"]) for part in parts], [(1, len(PART)), (2, 5)])


@drives("ListMultipartUploads")
def list_multipart_uploads():
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 1})
    found = [(upload["Key"], upload["UploadId"]) for page in pages for upload in page.get("Uploads", [])]
    equal(found, [("large", uploads["large"]), ("left & right", uploads["left"])])


@drives("CompleteMultipartUpload")
def complete_multipart_upload():
    place = {"Bucket": BUCKET, "Key": "large", "UploadId": uploads["large"]}
    parts = [{"PartNumber": number, "ETag": etags[number]} for number in (1, 2)]
    refused("InvalidPartOrder", s3.complete_multipart_upload, **place, MultipartUpload={"Parts": parts[::-1]})
    answer = s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
    digests = b"".join(hashlib.md5(part).digest() for part in (PART, b"01234"))
    equal(answer["ETag"], '"%s-2"' % hashlib.md5(digests).hexdigest())
    equal(body_of("large") == PART + b"01234", True)
    equal(s3.head_object(Bucket=BUCKET, Key="large")["ContentType"], "image/jpeg")


@drives("AbortMultipartUpload")
def abort_multipart_upload():
    place = {"Bucket": BUCKET, "Key": "left & right", "UploadId": uploads["left"]}
    equal(status(s3.abort_multipart_upload(**place)), 204)
    refused("NoSuchUpload", s3.list_parts, **place)


@drives("ListObjects")
def list_objects():
    for key in DIFFICULT_KEYS:
        put("keys/" + key)
    pages = s3.get_paginator("list_objects").paginate(Bucket=BUCKET, Prefix="keys/", PaginationConfig={"PageSize": 5})
    equal([entry["Key"] for page in pages for entry in page["Contents"]], ["keys/" + key for key in DIFFICULT_KEYS])
    top = s3.list_objects(Bucket=BUCKET, Delimiter="/")
    equal([entry["Prefix"] for entry in top["CommonPrefixes"]], ["folder/", "keys/"])


@drives("ListObjectsV2")
def list_objects_v2():
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=BUCKET, Prefix="keys/", PaginationConfig={"PageSize": 5}
    )
    keys = [entry["Key"] for page in pages for entry in page["Contents"]]
    equal(keys, ["keys/" + key for key in DIFFICULT_KEYS])
    for key in keys:
        equal(body_of(key), b"content")
    for prefix in ("keys/a b", "keys/😀/", "keys/a+"):
        answer = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix, Delimiter="/", StartAfter="keys/a")
        equal([answer["Prefix"], answer["StartAfter"], answer["KeyCount"]], [prefix, "keys/a", 1])
    refused("InvalidArgument", s3.list_objects_v2, Bucket=BUCKET, ContinuationToken="what")


@drives("DeleteObjects")
def delete_objects():
    objects = [{"Key": "keys/" + key} for key in DIFFICULT_KEYS if key.isprintable() or "\n" in key]
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": objects})
    equal(answer.get("Errors"), None)
    equal(sorted(entry["Key"] for entry in answer["Deleted"]), sorted(entry["Key"] for entry in objects))
    left = s3.list_objects_v2(Bucket=BUCKET, Prefix="keys/").get("Contents", [])
    for entry in left:
        s3.delete_object(Bucket=BUCKET, Key=entry["Key"])
    equal(len(left) + len(objects), len(DIFFICULT_KEYS))


@drives("PutBucketVersioning")
def put_bucket_versioning():
    setting = {"Status": "Enabled"}
    equal(status(s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=setting)), 200)


@drives("GetBucketVersioning")
def get_bucket_versioning():
    equal(s3.get_bucket_versioning(Bucket=BUCKET)["Status"], "Enabled")


@drives("ListObjectVersions")
def list_object_versions():
    first = put("versioned", b"one")["VersionId"]
    second = put("versioned", b"two")["VersionId"]
    marker = s3.delete_object(Bucket=BUCKET, Key="versioned")
    equal(marker["DeleteMarker"], True)
    equal(body_of("versioned", VersionId=first), b"one")
    pages = list(
        s3.get_paginator("list_object_versions").paginate(
            Bucket=BUCKET, Prefix="versioned", PaginationConfig={"PageSize": 1}
        )
    )
    equal(len(pages), 3)
    found = [(entry["VersionId"], entry["IsLatest"]) for page in pages for entry in page.get("Versions", [])]
    equal(found, [(second, False), (first, False)])
    markers = [(entry["VersionId"], entry["IsLatest"]) for page in pages for entry in page.get("DeleteMarkers", [])]
    equal(markers, [(marker["VersionId"], True)])


@drives("PutBucketTagging")
def put_bucket_tagging():
    tags = {"TagSet": [{"Key": "Ä", "Value": "1 + 1"}]}
    equal(status(s3.put_bucket_tagging(Bucket=BUCKET, Tagging=tags)), 204)


@drives("GetBucketTagging")
def get_bucket_tagging():
    equal(s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"], [{"Key": "Ä", "Value": "1 + 1"}])


@drives("DeleteBucketTagging")
def delete_bucket_tagging():
    equal(status(s3.delete_bucket_tagging(Bucket=BUCKET)), 204)
    refused("NoSuchTagSet", s3.get_bucket_tagging, Bucket=BUCKET)


POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/folder/*"}
        ],
    }
)


@drives("PutBucketPolicy")
def put_bucket_policy():
    refused("MalformedPolicy", s3.put_bucket_policy, Bucket=BUCKET, Policy="{}")
    equal(status(s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)), 204)
    with urllib.request.urlopen(f"{ENDPOINT}/{BUCKET}/folder/object") as response:
        equal(response.read(), b"0123456789")


@drives("GetBucketPolicy")
def get_bucket_policy():
    equal(s3.get_bucket_policy(Bucket=BUCKET)["Policy"], POLICY)


@drives("GetBucketPolicyStatus")
def get_bucket_policy_status():
    equal(s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"]["IsPublic"], True)


@drives("DeleteBucketPolicy")
def delete_bucket_policy():
    equal(status(s3.delete_bucket_policy(Bucket=BUCKET)), 204)
    refused("NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=BUCKET)


@drives("GetBucketAcl")
def get_bucket_acl():
    answer = s3.get_bucket_acl(Bucket=BUCKET)
    grantee = {"ID": answer["Owner"]["ID"], "Type": "CanonicalUser"}
    equal(answer["Grants"], [{"Grantee": grantee, "Permission": "FULL_CONTROL"}])


@drives("GetBucketEncryption")
def get_bucket_encryption():
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    equal(rule["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"})


@drives("GetBucketOwnershipControls")
def get_bucket_ownership_controls():
    (rule,) = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    equal(rule, {"ObjectOwnership": "BucketOwnerEnforced"})


@drives("GetBucketRequestPayment")
def get_bucket_request_payment():
    equal(s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"], "BucketOwner")


def drives_absent(operation, code):
    """What is not configured, and answered with an error of its own."""

    @drives(operation)
    def read():
        refused(code, getattr(s3, METHODS[operation]), Bucket=BUCKET)


def drives_empty(operation):
    """What is not configured, and answered with nothing."""

    @drives(operation)
    def read():
        equal(without_metadata(getattr(s3, METHODS[operation])(Bucket=BUCKET)), {})


METHODS = {operation: method for method, operation in s3.meta.method_to_api_mapping.items()}
drives_absent("GetBucketCors", "NoSuchCORSConfiguration")
drives_absent("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration")
drives_absent("GetBucketReplication", "ReplicationConfigurationNotFoundError")
drives_absent("GetBucketWebsite", "NoSuchWebsiteConfiguration")
drives_absent("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError")
drives_absent("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration")
drives_empty("GetBucketAccelerateConfiguration")
drives_empty("GetBucketLogging")
drives_empty("GetBucketNotificationConfiguration")


@drives("DeleteBucket")
def delete_bucket():
    refused("BucketNotEmpty", s3.delete_bucket, Bucket=BUCKET)
    boto3.resource("s3", endpoint_url=ENDPOINT).Bucket(BUCKET).object_versions.delete()
    equal(status(s3.delete_bucket(Bucket=BUCKET)), 204)
    refused("NoSuchBucket", s3.delete_bucket, Bucket=BUCKET)


failures = 0
for name, step in steps:
    line = {"operation": name, "ok": True}
    try:
        step()
    except Exception:
        failures += 1
        line = {"operation": name, "ok": False, "error": traceback.format_exc(limit=-2)}
    print(json.dumps(line), flush=True)
sys.exit(1 if failures else 0)
