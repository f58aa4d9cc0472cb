/** The certificates that stand in a kubeconfig, and the files that it names. */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import type { CertificateFact } from '../../snapshot/index.ts';
import { certificatesIn } from './certificates.ts';

const IN_PLACE = ['client-certificate-data', 'certificate-authority-data'];
const FILES = ['client-certificate', 'certificate-authority', 'client-key'];

export function certificatesOfKubeconfig(text: string, path: string): { found: CertificateFact[]; broken: number } {
  const all = entriesOf(text).flatMap(({ name, fields }) =>
    IN_PLACE.flatMap((field) => {
      const data = fields[field];
      if (typeof data !== 'string') return [];
      return certificatesIn(Buffer.from(data, 'base64').toString('utf8'), path, `${name} ${field}`);
    }),
  );
  return { found: all.flatMap(({ found }) => found), broken: all.reduce((sum, { broken }) => sum + broken, 0) };
}

/** Relative paths start at the folder of the kubeconfig. */
export function filesOfKubeconfig(text: string, path: string): { field: string; path: string }[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return entriesOf(text).flatMap(({ fields }) =>
    FILES.flatMap((field) => {
      const file = fields[field];
      return typeof file === 'string' && file !== '' ? [{ field, path: file.startsWith('/') ? file : folder + file }] : [];
    }),
  );
}

function entriesOf(text: string): { name: string; fields: Record<string, unknown> }[] {
  const parsed = parseConfigText(text);
  if (!isRecord(parsed?.value)) return [];
  const { clusters, users } = parsed.value;
  return [...entriesIn(clusters, 'cluster'), ...entriesIn(users, 'user')];
}

function entriesIn(list: unknown, kind: 'cluster' | 'user'): { name: string; fields: Record<string, unknown> }[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).slice(0, 100).flatMap((entry) => {
    const fields = isRecord(entry) ? entry[kind] : undefined;
    return isRecord(entry) && isRecord(fields) ? [{ name: `${kind} ${String(entry.name)}`, fields }] : [];
  });
}
