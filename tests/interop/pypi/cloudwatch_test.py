#!/usr/bin/env python3
"""Anomaly records in CloudWatch Logs, as moto's server plays it: signatures are checked there.

Usage: cloudwatch_test.py BINARY [unittest's own arguments]      (SYMBOLON_URL names the registry)
"""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-central-1"
GROUP, STREAM = "/symbolon/gateway", "host-1"
POLICY = {"Version": "2012-10-17",
          "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}
# Those that make the user; from then on moto wants a valid signature.
CALLS_WITHOUT_SIGNATURE = 3


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class CloudWatch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.endpoint = f"http://127.0.0.1:{port}"
        cls.moto = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(CALLS_WITHOUT_SIGNATURE)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop_moto)
        cls.wait_for(port)
        iam = cls.client("iam", "any", "any")
        iam.create_user(UserName="gateway")
        key = iam.create_access_key(UserName="gateway")["AccessKey"]
        iam.put_user_policy(UserName="gateway", PolicyName="logs",
                            PolicyDocument=json.dumps(POLICY))
        cls.key = key["AccessKeyId"], key["SecretAccessKey"]
        cls.register()

    @classmethod
    def stop_moto(cls):
        cls.moto.kill()
        cls.moto.wait()

    @staticmethod
    def wait_for(port):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("moto's server does not listen")

    @classmethod
    def client(cls, service, key, secret):
        return boto3.client(service, endpoint_url=cls.endpoint, region_name=REGION,
                            aws_access_key_id=key, aws_secret_access_key=secret,
                            config=Config(retries={"total_max_attempts": 1}))

    @staticmethod
    def register():
        body = json.dumps({"schema": '{"required":["id"]}', "schemaType": "JSON"}).encode()
        request = urllib.request.Request(
            os.environ["SYMBOLON_URL"] + "/subjects/cloudwatch-events/versions", body,
            {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    def start(self, key, secret, stream=STREAM):
        """The gateway and its port."""
        environment = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
                       "AWS_REGION": REGION, "PATH": os.environ["PATH"]}
        gateway = subprocess.Popen(
            [BINARY, "gateway", "--listen", "http://127.0.0.1:0", "--registry",
             os.environ["SYMBOLON_URL"], "--subject", "cloudwatch-events", "--anomalies",
             f"cloudwatch:{GROUP}:{stream}", "--aws-endpoint", self.endpoint],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(lambda: (gateway.kill(), gateway.communicate()))
        line = gateway.stdout.readline()
        return gateway, int(re.search(r":(\d+)\s*$", line).group(1))

    def send(self, port, body):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/eventbridge/subscription", body)
        answer = connection.getresponse()
        text = json.loads(answer.read())
        connection.close()
        return answer.status, text

    def test_records_arrive_in_a_group_and_stream_that_were_not_there(self):
        logs = self.client("logs", *self.key)
        with self.assertRaises(ClientError):
            logs.get_log_events(logGroupName=GROUP, logStreamName=STREAM)
        gateway, port = self.start(*self.key)
        wanted = []
        for number in range(25):
            status, answer = self.send(port, json.dumps({"n": number, "email": "sam@example.org"}))
            self.assertEqual(status, 400)
            wanted.append(answer["requestId"])
        gateway.send_signal(signal.SIGTERM)
        _, words = gateway.communicate(timeout=30)
        self.assertEqual(gateway.returncode, 0, words)
        events = logs.get_log_events(logGroupName=GROUP, logStreamName=STREAM,
                                     startFromHead=True)["events"]
        records = [json.loads(event["message"]) for event in events]
        self.assertEqual([record["requestId"] for record in records], wanted, words)
        self.assertEqual([event["timestamp"] for event in events],
                         [record["timestamp"] for record in records])
        self.assertNotIn("sam@example.org", json.dumps(records))

    def test_a_wrong_secret_is_refused_told_and_fails_no_request(self):
        gateway, port = self.start(self.key[0], "wrong" * 8, stream="host-2")
        self.assertEqual(self.send(port, "{}")[0], 400)
        gateway.send_signal(signal.SIGTERM)
        _, words = gateway.communicate(timeout=30)
        self.assertEqual(gateway.returncode, 0, words)
        self.assertIn("SignatureDoesNotMatch", words)
        self.assertNotIn("wrongwrong", words)


if __name__ == "__main__":
    BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
