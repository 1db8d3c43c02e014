"""Writes down each call of AWS's API: who called what, on what. One JSON object a line. Calls pass the place where moto would
judge whether they are allowed, which it does not do unless it is asked to."""

import json

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

# Parameters that say which resource it is about. All others may be anybody's data, and are not written down.
NAMES = {
    "alarmname", "alarmnames", "arn", "cluster", "clusters", "dashboardname", "functionname", "groupname", "loggroupname",
    "name", "policyarn", "qualifier", "queuename", "queueurl", "resource", "resourcearn", "rolename", "rule", "services",
    "subscriptionarn", "tablename", "topicarn",
}  # fmt: skip


def session_of(response):
    for account in list(sts_backends.values()):
        for backend in list(account.values()):
            found = backend.get_assumed_role_from_access_key(response.access_key)
            if found is not None:
                return {"role": found.role_arn, "session": found.session_name}
    return {"role": "", "session": ""}


def boundary_in(response, params):
    """What IAM knows as iam:PermissionsBoundary: that of the role, or the one that it is to get."""
    if params.get("PermissionsBoundary"):
        return params["PermissionsBoundary"]
    # Copied, as the requests of others add roles meanwhile.
    roles = list(iam_backends[response.current_account][response.partition].roles.values())
    found = next((role for role in roles if role.name == params.get("RoleName")), None)
    boundary = getattr(found, "permissions_boundary", None)
    return boundary.get("PermissionsBoundaryArn") if isinstance(boundary, dict) else boundary


def describe(response, action, params):
    service = response.boto3_service_name
    return {
        **session_of(response),
        "account": response.current_account,
        "region": response.region,
        "service": service,
        "action": action,
        "names": {name: value for name, value in params.items() if name.lower() in NAMES},
        "passes": params.get("Role") or (params.get("Target") or {}).get("RoleArn"),
        "boundary": boundary_in(response, params) if service == "iam" else None,
        "tagged": bool(params.get("tags") or params.get("Tags")),
    }


def record_calls_in(path):
    setup = BaseResponse.setup_class
    authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def setup_and_parse(self, request, *args, **kwargs):
        setup(self, request, *args, **kwargs)
        self.recorded_params = {}
        if self.service_name == "s3":
            return
        has_params, params = hasattr(self, "params"), getattr(self, "params", None)
        try:
            # By botocore's description of the service: whatever the protocol, these are the API's own names.
            self.parse_parameters(request)
            self.recorded_params = dict(self.params)
        except Exception as error:
            self.recorded_params = {"unreadable": str(error)}
        if has_params:
            self.params = params
        elif hasattr(self, "params"):
            del self.params

    def record(self, iam_request_cls, resource="*"):
        is_s3 = iam_request_cls.__name__ == "S3IAMRequest"
        action = self.data["Action"] if is_s3 else self._get_action()
        call = describe(self, action, {"arn": resource} if is_s3 else self.recorded_params)
        # A short line is written in one piece, whichever thread writes it.
        with open(path, "a", encoding="utf8") as file:
            file.write(json.dumps(call, default=str) + "\n")
        return authorize(self, iam_request_cls, resource)

    BaseResponse.setup_class = setup_and_parse
    ActionAuthenticatorMixin._authenticate_and_authorize_action = record
