import { createRequire } from "node:module";
import process, { env } from "node:process";

/**
 * The least that a Lambda runtime does: asks for an event, hands it to the handler, says what came of it. In place of AWS's
 * own, which has to be compiled first.
 */
const { fetch } = globalThis;
const api = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = (path, body) => fetch(`${api}/${path}`, { method: "POST", body: JSON.stringify(body) });
const describe = ({ name, message }) => ({ errorType: name, errorMessage: message });

let handler;
try {
  const [module, name] = process.argv[2].split(".");
  handler = createRequire(`${env.LAMBDA_TASK_ROOT}/`)(`./${module}.js`)[name];
} catch (error) {
  await post("init/error", describe(error));
  process.exit(1);
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const context = { invokedFunctionArn: next.headers.get("lambda-runtime-invoked-function-arn") };
  try {
    await post(`invocation/${id}/response`, await handler(await next.json(), context));
  } catch (error) {
    await post(`invocation/${id}/error`, describe(error));
  }
}
