/** What is stored, held against what an API server was told to encrypt. */
import { type EncryptionConfiguration, type Provider, providersFor } from './configuration.ts';

/** How the objects of one resource are stored. */
export interface StoredForms {
  /** As the key in etcd has it, with a group where that names one. */
  name: string;
  plain: number;
  /** By provider and key: `aescbc/key1`. */
  by: ReadonlyMap<string, number>;
}

/**
 * `identity-first`: new values are written plain. `not-covered`: Secrets are not named at all. `key-missing`: values are
 * encrypted with a key that the configuration has not, so nobody can read them. `plain-unreadable`: values are plain and
 * the configuration has no identity, so neither. `old-key`: values are encrypted with a key that does not write any more.
 */
export type ConfigurationFault = 'identity-first' | 'not-covered' | 'key-missing' | 'plain-unreadable' | 'old-key';

export interface ConfigurationNote {
  code: ConfigurationFault;
  resource: string;
  /** Provider and key, where it is about one. */
  by?: string;
  /** How many objects it is about. */
  objects: number;
}

/** Does the configuration name it with anything that encrypts? What has only `identity` is left plain on purpose. */
export function isProtected(configuration: EncryptionConfiguration, resource: string): boolean {
  return providersFor(configuration, resource)?.some(({ kind }) => kind !== 'identity') ?? false;
}

export function judgeConfiguration(configuration: EncryptionConfiguration, stored: readonly StoredForms[]): ConfigurationNote[] {
  const notes = stored.flatMap((resource) => notesOf(configuration, resource));
  if (isProtected(configuration, 'secrets')) return notes;
  const secrets = stored.find(({ name }) => name === 'secrets');
  return [{ code: 'not-covered', resource: 'secrets', objects: secrets?.plain ?? 0 }, ...notes];
}

function notesOf(configuration: EncryptionConfiguration, { name, plain, by }: StoredForms): ConfigurationNote[] {
  const providers = providersFor(configuration, name) ?? [{ kind: 'identity', keys: [] }];
  const readable = providers.flatMap(namesOf);
  const writes = readable[0];
  const notes: ConfigurationNote[] = [];
  if (writes === 'identity' && isProtected(configuration, name)) notes.push({ code: 'identity-first', resource: name, objects: plain });
  if (plain > 0 && !readable.includes('identity')) notes.push({ code: 'plain-unreadable', resource: name, objects: plain });
  for (const [key, objects] of by) {
    if (!readable.includes(key)) notes.push({ code: 'key-missing', resource: name, by: key, objects });
    else if (key !== writes) notes.push({ code: 'old-key', resource: name, by: key, objects });
  }
  return notes;
}

function namesOf({ kind, keys }: Provider): string[] {
  return kind === 'identity' ? [kind] : keys.map((key) => `${kind}/${key}`);
}
