/** Namespaces that enforce a level at a version, in which pods are tried. */
import { type Ask, each } from '../bulk.ts';
import type { Fields } from '../filled-in/served.ts';
import type { Policy } from './verdict.ts';

/** Admitted at every level and version; what is added to it decides. */
export const HARDENED = {
  metadata: { name: 'base' },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      { name: 'app', image: 'example.test/app:1', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
    ],
  },
} as const;

export function placeOf({ level, version }: Policy): string {
  return `${level}-${version.replace('.', '-')}`;
}

/** Makes the namespace of each policy, with an account, and a pod that is hardened. */
export async function makePlaces(ask: Ask, policies: readonly Policy[]): Promise<void> {
  await each(policies, async (policy) => {
    const version = policy.version === 'latest' ? 'latest' : `v${policy.version}`;
    // What makes pods is never refused, but warned of.
    const modes = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}`);
    const labels = Object.fromEntries(
      modes.flatMap((mode) => [
        [mode, policy.level],
        [`${mode}-version`, version],
      ]),
    ) as Record<string, string>;
    const path = `/api/v1/namespaces/${placeOf(policy)}`;
    await made(ask, '/api/v1/namespaces', { metadata: { name: placeOf(policy), labels } });
    await made(ask, `${path}/serviceaccounts`, { metadata: { name: 'default' } });
    await made(ask, `${path}/pods`, HARDENED);
  });
}

async function made(ask: Ask, path: string, body: Fields): Promise<void> {
  const answer = await ask('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
}
