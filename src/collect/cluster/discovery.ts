/**
 * What the server serves: two requests where it knows aggregated discovery (1.27 and newer), one for each group and
 * version where it does not. Of each resource the version that the server itself prefers is taken.
 */
import { isRecord } from '../../lib/record.ts';
import type { Client } from './client.ts';
import { FinalError, RequestError } from './request-error.ts';

export interface ServedResource {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
}

export interface Discovery {
  /** Everything that can be listed. */
  resources: ServedResource[];
  /** Groups and versions that are registered, but whose server does not answer now. */
  stale: string[];
}

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

export async function discover(client: Client): Promise<Discovery> {
  const [core, groups] = await Promise.all([client.json('/api', AGGREGATED), client.json('/apis', AGGREGATED)]);
  const found = new Found();
  for (const answer of [core, groups]) {
    const kind = isRecord(answer) ? answer.kind : undefined;
    if (isRecord(answer) && kind === 'APIGroupDiscoveryList') aggregated(answer, found);
    else if (kind === 'APIVersions') await oneByOne(client, [{ group: '', version: 'v1' }], found);
    else if (kind === 'APIGroupList') await oneByOne(client, versionsOf(answer), found);
    else throw new RequestError(0, 'the server does not say what it serves');
  }
  return { resources: [...found.resources.values()], stale: found.stale };
}

class Found {
  readonly resources = new Map<string, ServedResource>();
  readonly stale: string[] = [];

  /** The first version in which a resource is met is the preferred one. */
  add(resource: ServedResource): void {
    const key = `${resource.group}/${resource.resource}`;
    if (!this.resources.has(key)) this.resources.set(key, resource);
  }
}

function aggregated(answer: Record<string, unknown>, found: Found): void {
  for (const item of listOf(answer.items)) {
    const group = isRecord(item.metadata) ? textOf(item.metadata.name) : '';
    for (const entry of listOf(item.versions)) {
      const version = textOf(entry.version);
      if (entry.freshness === 'Stale') found.stale.push(`${group}/${version}`);
      for (const { resource, responseKind, scope, verbs } of listOf(entry.resources)) {
        if (!Array.isArray(verbs) || !verbs.includes('list')) continue;
        const kind = isRecord(responseKind) ? textOf(responseKind.kind) : '';
        found.add({ group, version, resource: textOf(resource), kind, namespaced: scope === 'Namespaced' });
      }
    }
  }
}

/** All versions of an APIGroupList, of each group the preferred one first. */
function versionsOf(answer: unknown): { group: string; version: string }[] {
  return listOf(isRecord(answer) ? answer.groups : undefined).flatMap((entry) => {
    const preferred = isRecord(entry.preferredVersion) ? textOf(entry.preferredVersion.version) : '';
    const versions = listOf(entry.versions).map(({ version }) => textOf(version));
    return [...new Set([preferred, ...versions])]
      .filter((version) => version !== '')
      .map((version) => ({ group: textOf(entry.name), version }));
  });
}

async function oneByOne(client: Client, versions: readonly { group: string; version: string }[], found: Found): Promise<void> {
  for (const { group, version } of versions) {
    let answer: unknown;
    try {
      answer = await client.json(pathOf({ group, version }));
    } catch (error) {
      if (!(error instanceof RequestError) || error.status === 401 || error instanceof FinalError) throw error;
      // The server of a group may be gone; the others answer all the same, and the gap is told.
      found.stale.push(`${group}/${version}`);
      continue;
    }
    if (!isRecord(answer) || answer.kind !== 'APIResourceList') {
      found.stale.push(`${group}/${version}`);
      continue;
    }
    for (const { name, kind, namespaced, verbs } of listOf(answer.resources)) {
      const resource = textOf(name);
      if (resource.includes('/') || !Array.isArray(verbs) || !verbs.includes('list')) continue;
      found.add({ group, version, resource, kind: textOf(kind), namespaced: namespaced === true });
    }
  }
}

/** `/api/v1`, `/apis/apps/v1`. */
export function pathOf({ group, version }: { group: string; version: string }): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
