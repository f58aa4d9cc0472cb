/** What was read of a database, and what a configuration says of it, as one report. */
import { type EtcdDatabase, type UntoldDoubt, nameOf } from '../collect/etcd/index.ts';
import { type ConfigurationNote, type EncryptionConfiguration, isProtected, judgeConfiguration } from '../engines/encryption/index.ts';
import { plural } from '../lib/terminal.ts';
import type { EtcdReport } from '../report/etcd/index.ts';

/** What no check can see where there is no checksum over everything. */
const UNSEEN = [
  'a changed byte in a ciphertext: without its key, one looks like another',
  'a changed byte in a value that leaves it well-formed, or in the name of an encrypted object',
  'the order of changes within one transaction, where older records were removed',
  'pages that are not in use, and what stands behind the last page',
];

/** Odd values are damage among many that are not; where most are odd, they may be what somebody else keeps. */
const ODD: Readonly<Record<UntoldDoubt['kind'], string>> = {
  ciphertext: 'encrypted, but not as a provider writes',
  name: 'stored under a name that is not its own',
  form: 'in no form that an API server writes',
};

export function etcdReport(database: EtcdDatabase, configuration: EncryptionConfiguration | undefined): EtcdReport {
  const { problems, meta, own, records, objects, checksum } = database;
  const resources = [...objects.resources.values()];
  const wanted = protectedOf(database, configuration);
  return {
    intact: problems.total === 0,
    problems: problems.kept,
    problemCount: problems.total,
    integrity: { checksum, unseen: [...database.untold.map(untoldText), ...(checksum === 'absent' ? UNSEEN : [])] },
    revision: meta === undefined || !database.isEtcd ? null : Math.max(1, records.revision, own.compacted),
    keys: objects.keys,
    bytes: meta === undefined ? 0 : meta.pages * meta.pageSize,
    prefix: objects.prefix ?? null,
    resources: Object.fromEntries(
      resources.map(({ name, total, plain, encrypted, by }) => [name, { total, plain, encrypted, by: Object.fromEntries(by) }]),
    ),
    protected: wanted,
    plain: wanted.flatMap((name) => objects.plainOf(name)),
    pastPlain: wanted.flatMap((name) => objects.pastPlainOf(name)),
    keysInUse: keysInUse(database),
    ...(configuration !== undefined && { configuration: judgeConfiguration(configuration, resources).map(noteOf) }),
    newest: newestOf(database),
    etcd: {
      storageVersion: own.storageVersion ?? null,
      clusterVersion: own.clusterVersion ?? null,
      consistentIndex: own.consistentIndex ?? null,
      term: own.term ?? null,
      compactedRevision: own.compacted,
      authEnabled: own.authEnabled,
      leases: own.leases.size,
      records: records.count,
      deletions: records.deletions,
      members: own.members,
    },
    file: { bytes: database.fileSize, pageSize: meta?.pageSize ?? null, pages: meta?.pages ?? 0, pagesInUse: database.pagesInUse },
  };
}

function untoldText({ kind, wrong, right }: UntoldDoubt): string {
  return `whether ${plural(wrong, 'value')} ${ODD[kind]}, beside ${right} as they should be, is damage or another's data`;
}

/** Those that the configuration protects; Secrets where none is known, or where it protects nothing. */
function protectedOf({ objects }: EtcdDatabase, configuration: EncryptionConfiguration | undefined): string[] {
  if (configuration === undefined) return ['secrets'];
  const names = [...objects.resources.keys()].filter((name) => isProtected(configuration, name));
  return names.length === 0 ? ['secrets'] : names;
}

/** Of the objects as they are now; values of old keys can be rewritten by `kubectl get … | kubectl replace -f -`. */
function keysInUse({ records: { table, forms } }: EtcdDatabase): EtcdReport['keysInUse'] {
  const counts = new Map<number, number>();
  for (let row = 0; row < table.size; row += 1) {
    const id = table.form[row] ?? 0;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const keys = [...counts].flatMap(([id, objects]) => {
    const form = forms.get(id);
    if (form?.encrypted !== true) return [];
    return [{ by: nameOf(form), version: form.version, ...(form.keyId !== undefined && { keyId: form.keyId }), objects }];
  });
  return keys.sort((a, b) => b.objects - a.objects || (a.by < b.by ? -1 : 1));
}

function newestOf({ records: { newest }, objects }: EtcdDatabase): EtcdReport['newest'] {
  if (newest === undefined) return null;
  const time = new Date(newest.seconds * 1000);
  // A value may claim a time that no calendar has.
  if (Number.isNaN(time.getTime())) return null;
  return { time: time.toISOString().replace('.000Z', 'Z'), object: objects.nameOf(newest.row), of: newest.of };
}

function noteOf(note: ConfigurationNote): NonNullable<EtcdReport['configuration']>[number] {
  return { ...note, message: messageOf(note) };
}

function messageOf({ code, resource, by = '', objects }: ConfigurationNote): string {
  const many = plural(objects, 'object');
  const texts: Readonly<Record<ConfigurationNote['code'], string>> = {
    'identity-first': 'identity comes first, so what is written is stored plain',
    'not-covered': 'the configuration does not encrypt them',
    'key-missing': `${many} encrypted by ${by}, which the configuration does not have: nobody can read them`,
    'plain-unreadable': `${many} plain, and the configuration has no identity to read them with`,
    'old-key': `${many} still encrypted by ${by}, which does not write any more`,
  };
  return `${resource}: ${texts[code]}`;
}
