"""moto's server, corrected where it differs from AWS in ways that a deployment of this system meets.

Each correction names the difference; test/rehearsal/emulator/moto-corrected.test.ts shows each of them on moto as it is, and gone here.

    python3 moto_mended.py -H 127.0.0.1 -p PORT

Environment variables:
    REHEARSAL_RUNNER_URL  where functions are executed: each invocation is posted there, as JSON.
    REHEARSAL_STATE_FILE  where the emulator keeps what it knows over a restart: written when it is asked to end (SIGTERM);
                          without it, it forgets.
    REHEARSAL_CALLS_FILE  where it writes down who called what, as moto_calls.py does; without it, nowhere.
"""

import base64
import copy
import datetime
import json
import os
import sys
import time
import uuid
from urllib.parse import unquote, urlparse

import requests

import moto.server
from moto_calls import record_calls_in
from moto_memory import remember_in
from moto_writes import mend_dynamodb_writes
from moto.awslambda.models import EventInvokeConfig, LambdaBackend, LambdaFunction, lambda_backends
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.exceptions import (
    GenericResourcNotFound,
    PreconditionFailedException,
    UnknownEventConfig,
)
from moto.cloudformation.parsing import ResourceMap
from moto.cloudwatch.models import CloudWatchBackend
from moto.ecs.models import EC2ContainerServiceBackend
from moto.events.models import EventPattern
from moto.events.responses import EventsHandler
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.logs.responses import LogsResponse
from moto.moto_api._internal.urls import url_paths as moto_api_paths
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.sqs.models import Queue


def mend_invoke():
    """moto needs Docker to run a function, and ignores the qualifier. Here the runner executes the version that the
    qualifier names; this side only says what is deployed."""

    def invoke(self):
        function_name = unquote(self.path.rsplit("/", 2)[-2])
        qualifier = self._get_param("Qualifier") or None
        if ":" in function_name.split(":function:")[-1]:
            function_name, qualifier = function_name.rsplit(":", 1)
        function = self.backend.get_function(function_name, qualifier)
        is_latest = function is self.backend._lambdas._get_latest(function.function_name)
        invocation = {
            "accountId": self.current_account,
            "region": self.region,
            "qualifier": qualifier or "$LATEST",
            "invocationType": self.headers.get("X-Amz-Invocation-Type") or "RequestResponse",
            "payload": self.body if isinstance(self.body, str) else self.body.decode("utf-8"),
            "configuration": {
                **function.get_configuration(),
                "Version": "$LATEST" if is_latest else str(function.version),
            },
            "eventInvokeConfig": invoke_configs(function).get(qualifier or "$LATEST"),
            "zip": base64.b64encode(function.code_bytes).decode("ascii"),
        }
        answer = requests.post(
            os.environ["REHEARSAL_RUNNER_URL"], json=invocation, timeout=960
        ).json()
        headers = {
            # moto's dispatcher takes the status from here, and 200 for one that it does not find.
            "status": answer["statusCode"],
            "content-type": "application/json",
            "x-amz-executed-version": invocation["configuration"]["Version"],
        }
        if "errorType" in answer:
            headers["x-amzn-errortype"] = answer["errorType"]
        if "functionError" in answer:
            headers["x-amz-function-error"] = answer["functionError"]
        if self.headers.get("X-Amz-Log-Type") == "Tail" and "logTail" in answer:
            headers["x-amz-log-result"] = base64.b64encode(answer["logTail"].encode()).decode("ascii")
        return answer["statusCode"], headers, answer["payload"]

    LambdaResponse.invoke = invoke


def mend_logging_config():
    """moto forgets a function's LoggingConfig: Terraform would want to set it again on every plan."""
    create = LambdaFunction.__init__
    configure = LambdaFunction.update_configuration
    describe = LambdaFunction.get_configuration

    def remembering_create(self, account_id, spec, *args, **kwargs):
        self.logging_config = spec.get("LoggingConfig")
        create(self, account_id, spec, *args, **kwargs)

    def remembering_configure(self, config_updates):
        self.logging_config = config_updates.get("LoggingConfig", self.logging_config)
        return configure(self, config_updates)

    def describe_with_logging(self, on_create=False):
        default = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        return {**describe(self, on_create), "LoggingConfig": self.logging_config or default}

    LambdaFunction.__init__ = remembering_create
    LambdaFunction.update_configuration = remembering_configure
    LambdaFunction.get_configuration = describe_with_logging


def invoke_configs(function):
    """The event-invoke configurations of a function, by qualifier. Versions are copies of one function and share them."""
    if not isinstance(function.event_invoke_config, dict):
        function.event_invoke_config = {}
    return function.event_invoke_config


def mend_event_invoke_config():
    """moto has one event-invoke configuration for a function and all its aliases, and keeps the oldest."""

    def key_of(response):
        return unquote(response.path.split("/functions/")[1].split("/")[0]), response._get_param(
            "Qualifier"
        ) or "$LATEST"

    def configs_of(response):
        function_name, qualifier = key_of(response)
        function = response.backend._lambdas._get_latest(
            response.backend.get_function(function_name).function_name
        )
        return function, qualifier, invoke_configs(function)

    def put(self):
        function, qualifier, configs = configs_of(self)
        config = EventInvokeConfig(f"{function.function_arn}:{qualifier}", 0, self.json_body).config
        configs[qualifier] = {"FunctionArn": f"{function.function_arn}:{qualifier}", **config}
        return 200, {}, json.dumps(configs[qualifier])

    def get(self):
        function, qualifier, configs = configs_of(self)
        if qualifier not in configs:
            raise UnknownEventConfig(f"{function.function_arn}:{qualifier}")
        return 200, {}, json.dumps(configs[qualifier])

    def delete(self):
        function, qualifier, configs = configs_of(self)
        if configs.pop(qualifier, None) is None:
            raise UnknownEventConfig(f"{function.function_arn}:{qualifier}")
        return 204, {}, ""

    LambdaResponse.put_function_event_invoke_config = put
    LambdaResponse.update_function_event_invoke_config = put
    LambdaResponse.get_function_event_invoke_config = get
    LambdaResponse.delete_function_event_invoke_config = delete


def mend_publish():
    """moto's versions share the function's list of event-invoke configurations only as long as it is not replaced."""
    create = LambdaFunction.__init__

    def create_with_configs(self, *args, **kwargs):
        create(self, *args, **kwargs)
        self.event_invoke_config = {}

    LambdaFunction.__init__ = create_with_configs


def mend_policy_qualifier():
    """moto answers GetPolicy with the permissions of all aliases, whichever was asked for."""

    def get_policy(self, function_name, qualifier=None):
        function = self.get_function(function_name)
        resource = function.function_arn + (f":{qualifier}" if qualifier else "")
        statements = [s for s in function.policy.statements if s["Resource"] == resource]
        if not statements:
            raise GenericResourcNotFound()
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
        return json.dumps({"Policy": json.dumps(policy), "RevisionId": function.policy.revision})

    LambdaBackend.get_policy = get_policy


def mend_queue_attributes():
    """moto forgets a queue's policy when any other attribute is set."""
    set_attributes = Queue._set_attributes

    def set_attributes_alone(self, attributes, now=None):
        policy = getattr(self, "policy", None)
        set_attributes(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy

    Queue._set_attributes = set_attributes_alone


def mend_bucket_policy():
    """A bucket policy that denies requests without TLS would deny all of them here, as the emulator has none."""

    def get_permission(self, action, resource):
        if self.policy is None:
            return PermissionResult.NEUTRAL
        policy = json.loads(self.policy)
        policy["Statement"] = [s for s in policy["Statement"] if "SecureTransport" not in json.dumps(s)]
        return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission


def mend_bucket_lifecycle():
    """moto forgets how many newer versions a lifecycle rule keeps: Terraform would wait for them in vain."""
    set_lifecycle = FakeBucket.set_lifecycle
    get_lifecycle = S3Response.get_bucket_lifecycle

    def set_with_newer_versions(self, rules):
        set_lifecycle(self, rules)
        for kept, asked in zip(self.rules, rules):
            kept.newer_versions = (asked.get("NoncurrentVersionExpiration") or {}).get("NewerNoncurrentVersions")

    def get_with_newer_versions(self):
        serialize = self.serialized

        def serialize_whole(result):
            # An error is serialized by the same function.
            rules = result.result["Rules"] if isinstance(result.result, dict) else []
            for said, kept in zip(rules, self.backend.get_bucket_lifecycle(self.bucket_name)):
                if getattr(kept, "newer_versions", None) is not None:
                    said["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = kept.newer_versions
            return serialize(result)

        self.serialized = serialize_whole
        return get_lifecycle(self)

    FakeBucket.set_lifecycle = set_with_newer_versions
    S3Response.get_bucket_lifecycle = get_with_newer_versions


def mend_alias_revision():
    """moto moves an alias even when the caller has seen another revision of it than the present one."""
    update = LambdaResponse.update_alias

    def update_alias(self):
        function_name = unquote(self.path.rsplit("/")[-3])
        alias = self.backend.get_alias(unquote(self.path.rsplit("/", 2)[-1]), function_name)
        revision = json.loads(self.body).get("RevisionId")
        if revision is not None and revision != alias.revision_id:
            raise PreconditionFailedException("The RevisionId provided does not match the latest one")
        alias.revision_id = str(uuid.uuid4())
        return update(self)

    LambdaResponse.update_alias = update_alias


def mend_metric_dimensions():
    """moto finds a metric by some of its dimensions: those of an alias would count for the function once more."""
    get = CloudWatchBackend.get_metric_statistics

    def get_exactly(self, namespace, metric_name, start_time, end_time, period, stats, dimensions, *args, **kwargs):
        wanted = {(d["Name"], d["Value"]) for d in dimensions or []}
        found = [m for m in self.get_all_metrics() if {(d.name, d.value) for d in m.dimensions} == wanted]
        narrowed = copy.copy(self)
        narrowed.get_all_metrics = lambda: found
        return get(narrowed, namespace, metric_name, start_time, end_time, period, stats, dimensions, *args, **kwargs)

    CloudWatchBackend.get_metric_statistics = get_exactly


def mend_test_event_pattern():
    """moto's TestEventPattern answers nothing at all."""

    def test_event_pattern(self):
        pattern = EventPattern.load(self._get_param("EventPattern"))
        event = json.loads(self._get_param("Event"))
        return json.dumps({"Result": pattern.matches_event(event)})

    EventsHandler.test_event_pattern = test_event_pattern


def mend_restart():
    """moto forgets everything when it ends; AWS does not."""
    if "REHEARSAL_STATE_FILE" in os.environ:
        remember_in(os.environ["REHEARSAL_STATE_FILE"])


def mend_query_definitions():
    """moto has no saved queries of Logs Insights."""

    def definitions_of(response):
        return response.logs_backend.__dict__.setdefault("query_definitions", {})

    def put_query_definition(self):
        definition = {name: self._get_param(name) for name in ("name", "queryString", "logGroupNames")}
        definition_id = self._get_param("queryDefinitionId") or str(uuid.uuid4())
        definitions_of(self)[definition_id] = {
            **definition,
            "queryDefinitionId": definition_id,
            "lastModified": int(time.time() * 1000),
        }
        return json.dumps({"queryDefinitionId": definition_id})

    def describe_query_definitions(self):
        prefix = self._get_param("queryDefinitionNamePrefix") or ""
        found = [one for one in definitions_of(self).values() if one["name"].startswith(prefix)]
        return json.dumps({"queryDefinitions": found})

    def delete_query_definition(self):
        found = definitions_of(self).pop(self._get_param("queryDefinitionId"), None)
        return json.dumps({"success": found is not None})

    LogsResponse.put_query_definition = put_query_definition
    LogsResponse.describe_query_definitions = describe_query_definitions
    LogsResponse.delete_query_definition = delete_query_definition


def mend_stop_task():
    """moto's services have no tasks that could be stopped. Here a service's name in place of a task stops all of them, for
    good; the service has said for a quarter of an hour already that it cannot start others."""
    stop = EC2ContainerServiceBackend.stop_task

    def stop_task(self, cluster_str, task_str, reason):
        if not task_str.startswith("service/"):
            return stop(self, cluster_str, task_str, reason)
        service = self._get_service(cluster_str, task_str.split("/")[-1])
        service.running_count = 0
        for deployment in service.deployments:
            deployment["runningCount"] = 0
        now = datetime.datetime.now(datetime.timezone.utc)
        service.events = [
            {
                "id": str(uuid.uuid4()),
                "createdAt": now - datetime.timedelta(minutes=minutes),
                "message": f"(service {service.name}) {message}",
            }
            for minutes, message in ((1, reason), (15, reason), (60, "has reached a steady state."))
        ]
        return {"taskArn": service.arn}

    EC2ContainerServiceBackend.stop_task = stop_task


def mend_services():
    """moto's ECS services run no task, whatever they want; here each runs one."""
    os.environ["MOTO_ECS_SERVICE_RUNNING"] = "1"


def mend_architecture():
    """moto forgets a function's new architecture when its code is updated."""
    update = LambdaFunction.update_function_code

    def update_with_architecture(self, updated_spec):
        if updated_spec.get("Architectures"):
            self.architectures = updated_spec["Architectures"]
        return update(self, updated_spec)

    LambdaFunction.update_function_code = update_with_architecture


def mend_code_link():
    """moto's link to a function's code leads nowhere; here it leads to the bytes."""
    get_function = LambdaResponse.get_function

    def get_function_with_link(self):
        answer = json.loads(get_function(self))
        arn = answer["Configuration"]["FunctionArn"]
        answer["Code"]["Location"] = f"http://{self.headers['Host']}/moto-api/lambda-code/{arn}"
        return json.dumps(answer)

    def download(request, full_url, headers):
        _, _, _, region, account, _, name, *qualifier = unquote(urlparse(full_url).path).rsplit("/", 1)[-1].split(":")
        function = lambda_backends[account][region].get_function(name, qualifier[0] if qualifier else None)
        return 200, {"content-type": "application/zip"}, function.code_bytes

    LambdaResponse.get_function = get_function_with_link
    moto_api_paths["{0}/moto-api/lambda-code/(?P<arn>[^/]+)$"] = download


def mend_stack_update():
    """moto touches a resource when nothing of it but its deletion policy or its metadata changes in the stack's template."""
    diff = ResourceMap.build_resource_diff

    def changed_properties(self, other_template, parameters=None):
        old, new = self._resource_json_map, other_template["Resources"]
        found = diff(self, other_template, parameters)
        found["Modify"] = [
            name for name in found["Modify"] if old[name].get("Properties", {}) != new[name].get("Properties", {})
        ]
        return found

    ResourceMap.build_resource_diff = changed_properties


if __name__ == "__main__":
    mend_invoke()
    mend_logging_config()
    mend_publish()
    mend_event_invoke_config()
    mend_policy_qualifier()
    mend_queue_attributes()
    mend_bucket_policy()
    mend_bucket_lifecycle()
    mend_alias_revision()
    mend_metric_dimensions()
    mend_test_event_pattern()
    mend_dynamodb_writes()
    mend_restart()
    mend_query_definitions()
    mend_stop_task()
    mend_services()
    mend_architecture()
    mend_stack_update()
    mend_code_link()
    if os.environ.get("REHEARSAL_CALLS_FILE"):
        record_calls_in(os.environ["REHEARSAL_CALLS_FILE"])
    sys.exit(moto.server.main())
