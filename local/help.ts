/** What `npm start -- --help` prints. */
export const HELP = `Plays ECS events through the built handler, with DynamoDB and ECS played by this machine.

Usage
  npm start -- [--events FILE|-] [--tenants FILE] [--env dev] [--cluster ARN] [--json] [--speed N] [--verbose]

Options
  --events FILE   events as NDJSON, as a JSON array or one alone; - reads standard input (default: a bundled sample)
  --tenants FILE  JSON array of {tenant_id, service_arn?, environment?, status?}; each becomes a row of the tenant
                  table, and each service_arn is tagged with its tenant_id and environment (default: one tenant for
                  each service in the stream; tenant-<id>-wordpress is <id>, any other service its own name)
  --env NAME      the environment of the function, and of tenants that name none (default: dev)
  --cluster ARN   the cluster of the function (default: the one of the first event that names one)
  --json          one JSON object a line: each event's outcome in order, then each tenant's row by id
  --speed N       play at N times real time, by the events' times (default: as fast as possible)
  --verbose       show the function's log lines too (on standard error with --json)
  --help          this

Exit code: 0 when no event failed, 1 when one did, 2 for a wrong option or a file that cannot be read.

Examples
  npm start
  npm start -- --speed 30
  npm start -- --events events.ndjson --tenants tenants.json
  npm start --silent -- --events events.ndjson --json | jq 'select(.type == "tenant")'
`;
