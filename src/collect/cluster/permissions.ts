/** What a full scan needs, as rights; and which of them somebody has. */
import { isRecord } from '../../lib/record.ts';
import { Client, type ClientOptions } from './client.ts';
import type { Connection } from './connection.ts';
import { IN_FLIGHT } from './signer.ts';
import { discover } from './discovery.ts';
import { noAnswer } from './request-error.ts';
import { COLLECTED } from './resources.ts';

const REMEDY =
  'The ClusterRole system:basic-user lets everybody ask for their own rights; without it, castellan permissions alone prints all that a scan needs.';

export interface Permission {
  verb: string;
  /** '' is the core group. */
  group: string;
  /** With a subresource as rules name it: `pods/log`. */
  resource: string;
}

/** Everything a full scan asks for. Discovery and `/version` are open to everybody who is signed in. */
export function neededPermissions(): Permission[] {
  const listed = Object.entries(COLLECTED).flatMap(([group, resources]) =>
    resources.map((resource): Permission => ({ verb: 'list', group, resource })),
  );
  // No objects of a snapshot: only who leads is kept of them.
  return listed.concat({ verb: 'list', group: 'coordination.k8s.io', resource: 'leases' });
}

/**
 * Which of these rights, or else of those of a full scan, the user does not have, of kinds that this server has. Asks with
 * selfsubjectaccessreviews, with rules reviews the one thing that Castellan creates when it reads.
 */
export async function missingPermissions(
  connection: Connection,
  { needed = neededPermissions(), ...options }: ClientOptions & { needed?: readonly Permission[] } = {},
): Promise<Permission[]> {
  const client = new Client(connection, options);
  const { resources } = await discover(client).catch((error: unknown) => Promise.reject(noAnswer(error, connection)));
  const served = new Set(resources.map(({ group, resource }) => `${group}/${resource}`));
  const groups = new Set(resources.map(({ group }) => group));
  const asked = needed.filter(
    ({ group, resource }) => served.has(`${group}/${resource.split('/')[0] ?? ''}`) || (resource === '*' && groups.has(group)),
  );
  const missing: Permission[] = [];
  for (let from = 0; from < asked.length; from += IN_FLIGHT) {
    const some = asked.slice(from, from + IN_FLIGHT);
    const allowed = await Promise.all(some.map((permission) => isAllowed(client, permission))).catch((error: unknown) =>
      Promise.reject(noAnswer(error, connection, REMEDY)),
    );
    missing.push(...some.filter((_, index) => allowed[index] !== true));
  }
  return missing;
}

async function isAllowed(client: Client, { verb, group, resource: named }: Permission): Promise<boolean> {
  const [resource, subresource] = named.split('/');
  const answer = await client.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb, group, resource, ...(subresource !== undefined && { subresource }) } },
  });
  return isRecord(answer) && isRecord(answer.status) && answer.status.allowed === true;
}
