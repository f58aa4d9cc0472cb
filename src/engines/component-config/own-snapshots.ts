/**
 * The snapshots of etcd that k3s and RKE2 save by themselves: unless they are told otherwise twice a day, five of them, to
 * the disk of the server; with etcd-s3 each is copied to a bucket as well (docs.k3s.io/cli/etcd-snapshot).
 */
import type { NodeFacts } from '../../snapshot/index.ts';
import { type PlacedSetting, type Product, type Settings, isOn, keepsEtcd, settingsOf, startOf } from './k3s.ts';
import type { Setting } from './started.ts';

export interface OwnSnapshots {
  readonly product: Product;
  /** Set where none are saved. */
  readonly off: Setting<string> | undefined;
  /** As cron writes it. */
  readonly schedule: Setting<string>;
  /** How many are kept. */
  readonly retention: Setting<string>;
  /** Folder on the server. */
  readonly folder: Setting<string>;
  /** Where each is copied to: `s3://BUCKET/FOLDER`, or the Secret that says it. */
  readonly copies: Setting<string> | undefined;
  /** The Secret of kube-system that says where, and signs in there. */
  readonly secret: string | undefined;
}

/** What is known of them: nothing where the node runs no etcd of such a program, `unseen` where its settings are hidden. */
export function ownSnapshotsOf(facts: NodeFacts): OwnSnapshots | 'unseen' | undefined {
  const { distribution } = facts;
  if (distribution !== 'k3s' && distribution !== 'rke2') return undefined;
  const data = `/var/lib/rancher/${distribution}`;
  const start = startOf(facts, distribution);
  const settings = start === undefined ? undefined : settingsOf(facts, start, distribution);
  if (start === undefined || settings === undefined) return keepsEtcd(facts, NONE, data) ? 'unseen' : undefined;
  if (start.role !== 'server' || isOn(settings, 'disable-etcd') || settings.has('datastore-endpoint')) return undefined;
  const own = lastOf(settings, 'data-dir', 'd')?.value ?? data;
  // RKE2 has no other store of its own.
  return distribution === 'rke2' || keepsEtcd(facts, settings, own) ? snapshotsBy(settings, distribution, own) : undefined;
}

const NONE: Settings = new Map();

function snapshotsBy(settings: Settings, product: Product, data: string): OwnSnapshots {
  const given = (name: string, byDefault: string): Setting<string> => {
    const set = lastOf(settings, name);
    if (set !== undefined) return placed(set, name);
    return { value: byDefault, source: `the defaults of ${product}`, path: name, shown: byDefault };
  };
  const off = lastOf(settings, 'etcd-disable-snapshots');
  return {
    product,
    off: off?.value === 'true' ? placed(off, 'etcd-disable-snapshots') : undefined,
    schedule: given('etcd-snapshot-schedule-cron', '0 */12 * * *'),
    retention: given('etcd-snapshot-retention', '5'),
    folder: given('etcd-snapshot-dir', `${data}/server/db/snapshots`),
    ...copiesBy(settings),
  };
}

/** The Secret is passed over where anything else of the bucket is set to what is no default (pkg/etcd/s3 of k3s). */
function copiesBy(settings: Settings): Pick<OwnSnapshots, 'copies' | 'secret'> {
  const none = { copies: undefined, secret: undefined };
  if (!isOn(settings, 'etcd-s3')) return none;
  const bucket = lastOf(settings, 'etcd-s3-bucket');
  const folder = lastOf(settings, 'etcd-s3-folder')?.value;
  if (bucket !== undefined) {
    const value = `s3://${bucket.value}${folder === undefined ? '' : `/${folder}`}`;
    return { copies: { ...placed(bucket, 'etcd-s3-bucket'), value }, secret: undefined };
  }
  const secret = lastOf(settings, 'etcd-s3-config-secret');
  if (secret === undefined || [...settings.keys()].some((name) => isOfBucket(settings, name))) return none;
  return {
    copies: { ...placed(secret, 'etcd-s3-config-secret'), value: `what Secret kube-system/${secret.value} says` },
    secret: secret.value,
  };
}

const BUCKET_DEFAULTS: Readonly<Record<string, string>> = {
  'etcd-s3-endpoint': 's3.amazonaws.com',
  'etcd-s3-region': 'us-east-1',
};

function isOfBucket(settings: Settings, name: string): boolean {
  // How long, and of how many, are settings whose defaults differ by release.
  if (!name.startsWith('etcd-s3-') || name === 'etcd-s3-config-secret' || /timeout|retention|lookup/.test(name)) return false;
  const value = lastOf(settings, name)?.value;
  return value !== undefined && value !== '' && value !== 'false' && value !== BUCKET_DEFAULTS[name];
}

function lastOf(settings: Settings, ...names: readonly string[]): PlacedSetting | undefined {
  return names.flatMap((name) => settings.get(name) ?? []).at(-1);
}

function placed({ value, shown: { origin, path } }: PlacedSetting, name: string): Setting<string> {
  return { value, source: origin.source, path, shown: path.startsWith(name) ? value : `--${name}=${value}` };
}
