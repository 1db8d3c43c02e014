/** One part of a library that the bundle does without, or with less of. */
export type Replacement = WholeModule | Passages;

interface OfModule {
  /** The module's path below node_modules. */
  readonly module: string;
  readonly why: string;
}

/** The module gives way to another text. */
interface WholeModule extends OfModule {
  /** SHA-256 of the module that this was written against: check the reason again when it changes. */
  readonly original: string;
  readonly contents: string;
}

/** Every passage that matches gives way, as by `String.replaceAll`; at least one must. */
interface Passages extends OfModule {
  /** As a whole module's, where the reason rests on more of the module than the passage. */
  readonly original?: string;
  readonly passage: RegExp;
  readonly put: string;
}

const NEVER_CALLED = `module.exports = () => { throw new Error("left out of the bundle by build/replacements.ts"); };`;

/** A package.json down to its version, which the SDK names in its user agent. */
const versionAlone = { passage: /^.*?("version": "[^"]+").*$/s, put: "{ $1 }" };

/**
 * What is changed in the libraries that the handler is bundled with, so that the function loads, starts and does no more
 * than it needs. The build fails when an entry no longer matches the library, and test/build tries the result.
 */
export const replacements: readonly Replacement[] = [
  // The AWS SDK
  {
    module: "@aws-sdk/credential-provider-node/dist-es/index.js",
    why: "Lambda hands the function's credentials over in the environment. Profiles, SSO, IMDS and STS are half of the SDK. The environment is read for each request, so that expired credentials are never kept.",
    original: "a952aa83f0c61f1c5399518dc09fe095e793bcd0d93d5e5316e97c8a68f24e25",
    contents: `export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";`,
  },
  {
    module: "@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js",
    why: "A function has no ~/.aws; each unset option would look for it.",
    original: "2a225eb2b92529c0ffa3773bfd5dcbf41d8320d855bccf286dd2755b7bb68482",
    contents: `
      import { CredentialsProviderError } from "../property-provider/CredentialsProviderError";
      export const fromSharedConfigFiles = () => async () => {
        throw new CredentialsProviderError("There are no shared config files");
      };
    `,
  },
  {
    module: "@smithy/core/dist-es/submodules/protocols/HttpProtocol.js",
    why: "No operation of DynamoDB or ECS streams events.",
    passage: /await import\("@smithy\/core\/event-streams"\)/g,
    put: "{}",
  },
  {
    module: "@aws-sdk/middleware-endpoint-discovery/dist-es/index.js",
    why: "DynamoDB's client resolves this configuration, but none of its operations discovers endpoints any more.",
    original: "72f0d23de5530dcb3c9d9f58c3197fd569c718794dee07bd17bab78af257dcec",
    contents: `
      export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: () => false, default: false };
      export const resolveEndpointDiscoveryConfig = (config) => config;
    `,
  },
  {
    module: "@smithy/core/dist-es/submodules/serde/uuid/v4.js",
    why: "The global crypto brings the whole of WebCrypto, which nothing else here needs, for its randomUUID.",
    original: "a350c133f995aec4f692dc67df2d4992499d9b4b6f97f7ad7b0bdac03de798e2",
    contents: `
      import { randomUUID } from "node:crypto";
      export const bindV4 = () => () => randomUUID();
    `,
  },
  {
    module: "@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js",
    why: "The fallback for a Node without OpenSSL, which could not speak TLS either.",
    original: "54d26649ccb5c6f5d34f89bf22167db9f91eeab6c05af115f7b0dbf041081ec4",
    contents: `export const Sha256Js = undefined;`,
  },
  {
    module:
      "@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js",
    why: "Lambda says the region in the environment; a function has no EC2 metadata service to ask.",
    original: "da6d439b0eb4d93a17f5919d6e9d349b3931b2ac9e913b13b7abe3e4f61ee9fa",
    contents: `export const getInstanceMetadataRegion = async () => undefined;`,
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js",
    why: "Announces which Node later versions of the SDK will need: news for who updates the SDK, not for the function's log.",
    original: "f99efb83b24696c96afe0c5b9a8fd93cc0d8a41a68ccf5f710f68d9db0a893fe",
    contents: `
      export const state = { warningEmitted: true };
      export const emitWarningIfUnsupportedVersion = () => {};
    `,
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js",
    why: "Copies each request and response, without what is secret, for a logger; the clients have none.",
    original: "0448f287de1664540e6331241b3ea10d4abf55624400139d57cd5a2e00cb57c5",
    contents: `
      export const loggerMiddleware = undefined, loggerMiddlewareOptions = undefined;
      export const getLoggerPlugin = () => ({ applyToStack: () => {} });
    `,
  },
  {
    module: "@smithy/core/dist-es/submodules/schema/middleware/schemaSerializationMiddleware.js",
    why: "Copies the client's whole configuration for each request, only to read from it.",
    passage: /\.\.\.config,/g,
    put: "__proto__: config,",
  },
  {
    module: "@smithy/core/dist-es/submodules/schema/middleware/schemaDeserializationMiddleware.js",
    why: "Copies the client's whole configuration for each response, only to read from it.",
    passage: /\.\.\.config,/g,
    put: "__proto__: config,",
  },
  {
    module: "@aws-sdk/client-dynamodb/dist-es/schemas/schemas_0.js",
    why: "The handler tells one of DynamoDB's exceptions by its class, and the SDK retries another because its class says so. The others have their names without classes, and are retried by name and status.",
    passage:
      /^n0_registry\.registerError\((?!(?:ConditionalCheckFailed|ReplicatedWriteConflict)Exception\$).*$/gm,
    put: "",
  },
  {
    module: "@aws-sdk/client-ecs/dist-es/schemas/schemas_0.js",
    why: "The handler tells the exceptions of ECS by their names.",
    passage: /^n0_registry\.registerError\(.*$/gm,
    put: "",
  },
  {
    module: "@aws-sdk/client-dynamodb/package.json",
    why: "Imported for the version; the rest is scripts and dependencies.",
    ...versionAlone,
  },
  {
    module: "@aws-sdk/client-ecs/package.json",
    why: "Imported for the version; the rest is scripts and dependencies.",
    ...versionAlone,
  },
  {
    module: "@aws-sdk/util-dynamodb/dist-es/convertToAttr.js",
    why: "Asks of each value whether it is of one of twenty other types before it finds that it is a string or a number. Most are, several in each event.",
    // What becomes of both in the end stands elsewhere in it.
    original: "185e142763036e74e8cfe8ed51e023abed6dc385b269c0883d53cd621353f623",
    passage: /^export const convertToAttr = \(data, options\) => \{$/m,
    put: `$&
    if (typeof data === "string" && !options?.convertEmptyValues) return { S: data };
    if (Number.isSafeInteger(data)) return { N: data.toString() };`,
  },

  // winston
  {
    module: "winston/lib/winston.js",
    why: "The handler logs to the console by a format of its own. The other transports need files, HTTP and async; the other formats colours and dates.",
    original: "25dd9351a2ee791b3ec12fbb8cd92a03ac132878462c417a8c8adc5d1d2e3d0e",
    contents: `
      exports.createLogger = require("./winston/create-logger");
      exports.format = { printf: require("logform/printf") };
      exports.transports = { Console: require("./winston/transports/console") };
    `,
  },
  {
    module: "winston/lib/winston/logger.js",
    why: "A pipe that may be ended asks whether it leads to standard output or error, and so opens both. The function's logger is never ended.",
    passage: /this\.pipe\(target\)/g,
    put: "this.pipe(target, { end: false })",
  },
  {
    module: "winston/lib/winston/config/index.js",
    why: "The levels are npm's; those of cli and syslog, and the colours of all, come with a colouring library.",
    original: "c5dd42e324ab0ee73441595847a5fa033435065a8ee8d73fdd309fb3423b9005",
    contents: `exports.npm = require("triple-beam").configs.npm;`,
  },
  {
    module: "logform/json.js",
    why: "The format of a logger that was not given one.",
    original: "9983420e5b7f7710487d6427de4f1e80da06350d15eee58a8cc0e92f1daba801",
    contents: NEVER_CALLED,
  },
  {
    module: "winston-transport/legacy.js",
    why: "Takes in transports as they were before winston 3; the function's is winston's own.",
    original: "4e9d8897f8df99b07973c38953ebf76a2ac5519638104871b7fcf51274a39ce4",
    contents: NEVER_CALLED,
  },
  {
    module: "winston/lib/winston/profiler.js",
    why: "Logs how long something took; the function starts no such timer.",
    original: "651b7b4b9eecc8370f0090d1646d8925b135d71ef54c6c99fb285e59d3fb4aaf",
    contents: NEVER_CALLED,
  },
  {
    module: "winston/lib/winston/exception-handler.js",
    why: "What nobody catches, the Lambda runtime reports.",
    original: "e0f0ced5f5dbc16b170e66dd8fe621536fa48fd912fe35b51d7f534e246e748b",
    contents: `module.exports = class { unhandle() {} };`,
  },
  {
    module: "winston/lib/winston/rejection-handler.js",
    why: "What nobody catches, the Lambda runtime reports.",
    original: "f898b5b623fcacf16c237b5313df3117f5ae3a0cddab78de83620313913a5afc",
    contents: `module.exports = class { unhandle() {} };`,
  },
  {
    module: "async/forEach.js",
    why: "Waits for the transports when a logger is ended or queried; the function's never is.",
    original: "5a1dfc4bc3096bed90f675b27736f5a80ed3f177265de5a07df44bf20080c8db",
    contents: NEVER_CALLED,
  },
  {
    module: "@dabh/diagnostics/node/index.js",
    why: "winston's own debugging output.",
    original: "3003bbd2b2a46c89bda6f2fd3f48b383603b142fabc8cac95e360cf31eff13cc",
    contents: `module.exports = () => () => {};`,
  },
  {
    module: "readable-stream/readable.js",
    why: "A copy of Node's streams, for the sake of older Nodes.",
    original: "2944f1d3c8c5d5c5e07e7c30d6cbef5fc37440b7c73de47aeb37fa8424f04bf1",
    contents: `module.exports = require("node:stream");`,
  },
  {
    module: "readable-stream/lib/_stream_writable.js",
    why: "A copy of Node's streams, for the sake of older Nodes.",
    original: "0f3f2accecd343dfae91d7daa72f3ad125b6f139d5883ff51362042d8cb65cf6",
    contents: `module.exports = require("node:stream").Writable;`,
  },
];
