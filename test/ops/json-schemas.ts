import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { isObject } from "../../checklist/is-object.ts";
import { repository } from "../docs/documents.ts";

const FOLDER = join(repository, "docs", "schemas");
const ENDING = ".schema.json";

/** The commands that docs/schemas has, as typed; `mistake` is what any prints for a mistake. */
export const schemaNames = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length));

const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

const validatorOf = (name: string): ValidateFunction => {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(readFileSync(join(FOLDER, `${name}${ENDING}`), "utf8")) as object);
  validators.set(name, validate);
  return validate;
};

/** What a command printed with --json is not as its schema in docs/schemas says; undefined when it is. */
export const findSchemaViolations = (printed: unknown): string | undefined => {
  const command = isObject(printed) ? printed["command"] : undefined;
  return violationsOf(typeof command === "string" ? command.replaceAll(" ", "-") : "mistake", printed);
};

/** The same for a line that `logs --follow --json` prints as it comes. */
export const findLineViolations = (printed: unknown): string | undefined =>
  violationsOf("logs-line", printed);

/** The same for a line of the file that `--audit` names. */
export const findAuditViolations = (printed: unknown): string | undefined =>
  violationsOf("audit-line", printed);

/** The same for a line that `npm start -- --json` prints. */
export const findStartLineViolations = (printed: unknown): string | undefined =>
  violationsOf("start-line", printed);

const violationsOf = (name: string, printed: unknown): string | undefined => {
  const validate = validatorOf(name);
  return validate(printed)
    ? undefined
    : `docs/schemas/${name}${ENDING}: ${(validate.errors ?? [])
        .map(
          ({ instancePath, message = "", params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        )
        .join("; ")}`;
};
