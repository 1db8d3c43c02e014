import { type Check, pass, skip } from "../../checklist/check.ts";
import {
  describeProviderLock,
  lockedProviderVersion,
  PROVIDER_LOCK,
} from "../../stacks/terraform/provider-lock.ts";

/** Whether Terraform will compare the provider's package with a checksum that this repository has. */
export const providerLock = (lock = PROVIDER_LOCK): Check => ({
  title: "Terraform provider",
  run: () => {
    const outcome = lockedProviderVersion(lock) === undefined ? skip : pass;
    return Promise.resolve(outcome(describeProviderLock(lock)));
  },
});
