/**
 * EncryptionConfiguration: what an API server encrypts when it writes, and what it can read. Semantics:
 * k8s.io/apiserver, pkg/server/options/encryptionconfig/config.go. Keys are not kept.
 */
import { groupOf } from './stored-groups.ts';

/** One way to write and read values, as stored values name it; `identity` leaves them as they are. */
export interface Provider {
  kind: 'aescbc' | 'aesgcm' | 'secretbox' | 'kms' | 'identity';
  /** Names of keys, the one that writes first; of kms its own name. */
  keys: readonly string[];
}

export interface EncryptionConfiguration {
  /** By what the file names: `secrets`, `*.apps`, `*.`, `*.*`. The first of the providers writes, each of them reads. */
  providers: ReadonlyMap<string, readonly Provider[]>;
}

export type ParsedConfiguration = { configuration: EncryptionConfiguration } | { fault: string };

const KINDS = ['aescbc', 'aesgcm', 'secretbox', 'kms', 'identity'] as const;

/** Of what stands in the file; `fault` says why an API server would not take it. Never names a key's secret. */
export function parseEncryptionConfiguration(file: unknown): ParsedConfiguration {
  if (!isRecord(file) || (file.kind !== 'EncryptionConfiguration' && file.kind !== 'EncryptionConfig'))
    return { fault: 'it is no EncryptionConfiguration' };
  if (!Array.isArray(file.resources) || file.resources.length === 0) return { fault: 'it names no resources' };
  const providers = new Map<string, Provider[]>();
  for (const [index, entry] of (file.resources as unknown[]).entries()) {
    const fault = addEntry(providers, entry);
    if (fault !== undefined) return { fault: `resources[${index}] ${fault}` };
  }
  return { configuration: { providers } };
}

function addEntry(all: Map<string, Provider[]>, entry: unknown): string | undefined {
  if (!isRecord(entry) || !isTexts(entry.resources) || entry.resources.length === 0) return 'names no resources';
  if (!Array.isArray(entry.providers) || entry.providers.length === 0) return 'has no providers';
  const providers = (entry.providers as unknown[]).map(providerOf);
  const fault = providers.find((provider) => typeof provider === 'string');
  if (typeof fault === 'string') return fault;
  const whole = providers.filter((provider) => typeof provider !== 'string');
  for (const resource of entry.resources) {
    const mask = masks(resource).find((wildcard) => wildcard !== resource && all.has(wildcard));
    if (mask !== undefined) return `has ${resource}, which ${mask} before it takes in`;
    all.set(resource, [...(all.get(resource) ?? []), ...whole]);
  }
  return undefined;
}

function providerOf(provider: unknown): Provider | string {
  const [kind, ...others] = isRecord(provider) ? KINDS.filter((kind) => provider[kind] !== undefined) : [];
  if (!isRecord(provider) || kind === undefined || others.length > 0) return 'has a provider that is not one of those that there are';
  if (kind === 'identity') return { kind, keys: [] };
  const settings = provider[kind];
  if (!isRecord(settings)) return `has a provider ${kind} without settings`;
  const names =
    kind === 'kms'
      ? [settings.name]
      : Array.isArray(settings.keys)
        ? (settings.keys as unknown[]).map((key) => (isRecord(key) ? key.name : undefined))
        : [];
  if (names.length === 0 || !isTexts(names) || names.includes('')) return `has a provider ${kind} without the name of a key`;
  return { kind, keys: names };
}

/** The providers of a resource as it is stored: by its own name, else by its group, else by `*.*`. */
export function providersFor({ providers }: EncryptionConfiguration, stored: string): readonly Provider[] | undefined {
  const dot = stored.indexOf('.');
  const resource = dot < 0 ? stored : stored.slice(0, dot);
  const group = dot < 0 ? groupOf(resource) : stored.slice(dot + 1);
  const names = [group === '' ? resource : `${resource}.${group}`, ...masks(group === '' ? resource : `${resource}.${group}`)];
  const name = names.find((one) => providers.has(one));
  return name === undefined ? undefined : providers.get(name);
}

/** What would take it in: all of its group, and everything. */
function masks(resource: string): string[] {
  const dot = resource.indexOf('.');
  return [`*.${dot < 0 ? '' : resource.slice(dot + 1)}`, '*.*'];
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
