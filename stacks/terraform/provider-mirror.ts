import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { PROVIDER_VERSION } from "../provider-version.ts";
import { SUBSTITUTE, SUBSTITUTION_SWITCH } from "../substitution.ts";
import type { EnvironmentVariables } from "./environment-variables.ts";
import { terraformBinary } from "./terraform-binary.ts";

/**
 * The environment variables by which Terraform finds its providers on a machine without a way to the registry: those of a
 * folder of plugins on the disk, if there is one. None when Terraform has a configuration of its own, or no such folder is
 * found: then it will ask the registry.
 * @param configurationPath where to write Terraform's configuration.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export const providerMirrorVariables = (
  env: EnvironmentVariables,
  configurationPath: string,
  folders: readonly string[] = pluginFolders(env),
): Record<string, string> => {
  const mirror = findMirror(env, folders);
  if (mirror === undefined) return {};

  mkdirSync(dirname(configurationPath), { recursive: true });
  writeFileSync(configurationPath, configurationFor(mirror, registryOf(env)));
  return {
    TF_CLI_CONFIG_FILE: configurationPath,
    // `cdktf deploy` locks the providers' checksums, which Terraform otherwise takes from the registry.
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
  };
};

/**
 * Switches to the substitutes where the folder of plugins has them, and not the provider that the stacks ask for; leaves the switch
 * as it is where somebody has set it.
 */
export const substitutionVariables = (
  env: EnvironmentVariables,
  folders: readonly string[] = pluginFolders(env),
): Record<string, string> => {
  const given = env[SUBSTITUTION_SWITCH];
  if (given !== undefined) return { [SUBSTITUTION_SWITCH]: given };
  const mirror = findMirror(env, folders);
  const has = (version: string): boolean =>
    mirror !== undefined &&
    namesIn(join(mirror, registryOf(env), "hashicorp", "aws")).some(
      (name) => name === version || name.startsWith(`terraform-provider-aws_${version}_`),
    );
  return has(SUBSTITUTE.providerVersion) && !has(PROVIDER_VERSION)
    ? { [SUBSTITUTION_SWITCH]: SUBSTITUTE.providerVersion }
    : {};
};

const findMirror = (env: EnvironmentVariables, folders: readonly string[]): string | undefined =>
  hasConfiguration(env)
    ? undefined
    : folders.find((folder) => existsSync(join(folder, registryOf(env), "hashicorp")));

/** A mirror has a folder for each registry, and in it one for each publisher. OpenTofu has a registry of its own. */
const registryOf = (env: EnvironmentVariables): string =>
  isOpenTofu(env) ? "registry.opentofu.org" : "registry.terraform.io";

const isOpenTofu = (env: EnvironmentVariables): boolean => basename(terraformBinary(env)).includes("tofu");

/** Terraform itself only warns of a configuration file that is named and does not exist. */
const hasConfiguration = (env: EnvironmentVariables): boolean => {
  const { TF_CLI_CONFIG_FILE, HOME = homedir() } = env;
  const own = isOpenTofu(env) ? [".tofurc", ".terraformrc"] : [".terraformrc"];
  return TF_CLI_CONFIG_FILE === undefined
    ? own.some((file) => existsSync(join(HOME, file)))
    : existsSync(TF_CLI_CONFIG_FILE);
};

/** Where plugins are kept by custom: Terraform's own places, and whatever was unpacked under /opt. */
const pluginFolders = ({
  TF_PLUGIN_CACHE_DIR,
  HOME = homedir(),
  XDG_DATA_HOME,
}: EnvironmentVariables): string[] => [
  ...(TF_PLUGIN_CACHE_DIR === undefined ? [] : [TF_PLUGIN_CACHE_DIR]),
  join(HOME, ".terraform.d", "plugins"),
  join(HOME, ".terraform.d", "plugin-cache"),
  join(XDG_DATA_HOME ?? join(HOME, ".local", "share"), "terraform", "plugins"),
  "/usr/local/share/terraform/plugins",
  "/usr/share/terraform/plugins",
  ...subfolders("/opt").flatMap((folder) => [folder, ...subfolders(folder)]),
];

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

const subfolders = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    // Missing, or not for us to read: no plugins there.
    return [];
  }
};

const configurationFor = (mirror: string, registry: string): string => `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${registry}/hashicorp/*"]
  }
  direct {
    exclude = ["${registry}/hashicorp/*"]
  }
}
`;
