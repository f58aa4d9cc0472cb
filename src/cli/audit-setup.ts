/** `castellan audit setup`: how to record enough, so that changes can be proved. */
import { PLATFORMS, policyYaml, setupText } from '../changes/audit-setup/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';

export function runAuditSetup({ for: name = 'kubeadm', policy = false }: { for?: string; policy?: boolean }): number {
  const platform = PLATFORMS.find((one) => one === name);
  if (platform === undefined)
    throw new CastellanError('CAS_USAGE', `--for takes no "${name}"`, { remedy: `It takes: ${PLATFORMS.join(', ')}.` });
  stdout.write(policy ? policyYaml() : setupText(platform));
  stdout.end();
  return 0;
}
