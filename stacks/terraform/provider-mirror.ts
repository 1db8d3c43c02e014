import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { EnvironmentVariables } from "./environment-variables.ts";

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
  if (hasConfiguration(env)) return {};
  const mirror = folders.find((folder) => existsSync(join(folder, PROVIDERS)));
  if (mirror === undefined) return {};

  mkdirSync(dirname(configurationPath), { recursive: true });
  writeFileSync(configurationPath, configurationFor(mirror));
  return {
    TF_CLI_CONFIG_FILE: configurationPath,
    // `cdktf deploy` locks the providers' checksums, which Terraform otherwise takes from the registry.
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
  };
};

/** A mirror has a folder for each registry, and in it one for each publisher. */
const PROVIDERS = join("registry.terraform.io", "hashicorp");

/** Terraform itself only warns of a configuration file that is named and does not exist. */
const hasConfiguration = ({ TF_CLI_CONFIG_FILE, HOME = homedir() }: EnvironmentVariables): boolean =>
  existsSync(TF_CLI_CONFIG_FILE ?? join(HOME, ".terraformrc"));

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

const configurationFor = (mirror: string): string => `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["registry.terraform.io/hashicorp/*"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/*"]
  }
}
`;
