"""An object store of the tests' own that speaks S3 and checks keys and signatures."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "shop"
REGION = "us-east-1"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
_OWNER: dict[str, Any] = {
    "aws_access_key_id": "owner",
    "aws_secret_access_key": "owner",
    "region_name": REGION,
}


@dataclass(frozen=True)
class ObjectStore:
    """The store. access_key, secret_key: of a user who may do everything in it."""

    port: int
    access_key: str
    secret_key: str

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        user = {"aws_access_key_id": self.access_key, "aws_secret_access_key": self.secret_key}
        client = boto3.client("s3", endpoint_url=self.endpoint, region_name=REGION, **user)
        client.put_object(Bucket=BUCKET, Key=key, Body=body)
        client.close()


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Lend a store with one empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    try:
        yield _furnished(port)
    finally:
        for word, body in (("reset-auth", b"inf"), ("reset", b"")):  # moto keeps everything in this process
            _tell(f"http://127.0.0.1:{port}", word, body)
        server.stop()


def _tell(endpoint: str, word: str, body: bytes) -> None:
    request = urllib.request.Request(f"{endpoint}/moto-api/{word}", body, {"Content-Type": "text/plain"})
    urllib.request.urlopen(request).close()


def _furnished(port: int) -> ObjectStore:
    endpoint = f"http://127.0.0.1:{port}"
    people = boto3.client("iam", endpoint_url=endpoint, **_OWNER)
    people.create_user(UserName="reader")
    people.put_user_policy(UserName="reader", PolicyName="all", PolicyDocument=json.dumps(_EVERYTHING))
    key = people.create_access_key(UserName="reader")["AccessKey"]
    objects = boto3.client("s3", endpoint_url=endpoint, **_OWNER)
    objects.create_bucket(Bucket=BUCKET)
    for client in (people, objects):
        client.close()
    _tell(endpoint, "reset-auth", b"0")  # from now on keys are checked
    return ObjectStore(port, key["AccessKeyId"], key["SecretAccessKey"])
