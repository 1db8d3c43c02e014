"""What one would write in Python: boto3, jsonschema and the standard logger. It sets the tenant's status and no more."""

import json
import logging
import os
from datetime import datetime, timezone

import boto3
from jsonschema import Draft7Validator

logger = logging.getLogger("tenant-events")
logging.basicConfig(level=logging.INFO, format="%(message)s")
logging.getLogger("botocore").setLevel(logging.WARNING)

dynamodb = boto3.client("dynamodb")
ecs = boto3.client("ecs")

with open(os.environ["EVENT_SCHEMA"], encoding="utf-8") as file:
    validator = Draft7Validator(json.load(file))

STATUSES = {
    "SERVICE_DEPLOYMENT_IN_PROGRESS": "PROVISIONING",
    "SERVICE_DEPLOYMENT_COMPLETED": "ACTIVE",
    "SERVICE_DEPLOYMENT_FAILED": "FAILED",
    "SERVICE_STEADY_STATE": "ACTIVE",
    "SERVICE_TASK_START_IMPAIRED": "FAILED",
}

tenants = {}


def find_tenant(service_arn):
    if service_arn not in tenants:
        tags = ecs.list_tags_for_resource(resourceArn=service_arn)["tags"]
        tenants[service_arn] = next((tag["value"] for tag in tags if tag["key"] == "bbws:tenant-id"), None)
    return tenants[service_arn]


def handler(event, context=None):
    validator.validate(event)
    status = STATUSES.get(event["detail"]["eventName"])
    tenant_id = find_tenant(event["resources"][0])
    if status is None or tenant_id is None:
        return {"ignored": True}
    try:
        before = dynamodb.update_item(
            TableName=os.environ["TENANTS_TABLE"],
            Key={"tenant_id": {"S": tenant_id}},
            ConditionExpression="attribute_exists(tenant_id)",
            UpdateExpression="SET #status = :status, updated_at = :now",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":status": {"S": status},
                ":now": {"S": datetime.now(timezone.utc).isoformat()},
            },
            ReturnValues="UPDATED_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return {"ignored": True}
    previous = before.get("Attributes", {}).get("status", {}).get("S")
    logger.info(json.dumps({"message": "Tenant status updated", "tenantId": tenant_id, "status": status, "previous": previous}))
    return {"tenantId": tenant_id, "status": status}
