/** Audit policies in the input: as documents of their own, or as text in the ConfigMaps of hosted control planes. */
import { type ParsedPolicy, parsePolicy } from '../../engines/audit-policy/index.ts';
import { joinPath } from '../../lib/field-path.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { type ApiObject, isRecord } from '../../model/index.ts';
import type { Hit } from '../rule.ts';

export interface AuditFile extends ParsedPolicy {
  /** The field of the object that holds the file; '' where the object is the file. */
  readonly path: string;
}

const NONE: readonly AuditFile[] = [];
const KNOWN = new WeakMap<ApiObject, readonly AuditFile[]>();

export function auditFilesOf(object: ApiObject): readonly AuditFile[] {
  if (object.known !== 'Policy' && object.known !== 'ConfigMap') return NONE;
  let files = KNOWN.get(object);
  if (files === undefined) {
    files = object.known === 'Policy' ? [fileOf(object)] : filesIn(object as ApiObject<'ConfigMap'>);
    KNOWN.set(object, files);
  }
  return files;
}

/** Fields of a wrong type are mended in the body; the server refuses the file for them. */
function fileOf({ body, misfits }: ApiObject): AuditFile {
  const parsed = parsePolicy(body);
  if (misfits.length === 0) return { ...parsed, path: '' };
  const types = misfits.map(({ path, expected }) => ({ path, message: `${path} is not of the type ${expected}` }));
  return { problems: [...types, ...parsed.problems], ignored: parsed.ignored, newer: [], path: '' };
}

function filesIn(object: ApiObject<'ConfigMap'>): readonly AuditFile[] {
  const files: AuditFile[] = [];
  for (const [key, text] of Object.entries(object.body.data ?? {})) {
    // Ordinary ConfigMaps are not looked into.
    if (!text.includes('audit.k8s.io/') || !/\bkind["']?\s*:\s*["']?Policy\b/.test(text)) continue;
    const parsed = parseYaml(text, true);
    const file = 'value' in parsed ? parsed.value : undefined;
    if (!isRecord(file) || file.kind !== 'Policy' || !String(file.apiVersion).startsWith('audit.k8s.io/')) continue;
    files.push({ ...parsePolicy(file), path: joinPath('data', key) });
  }
  return files.length === 0 ? NONE : files;
}

/** What is wrong at a place in a file, where the file stands in its object. */
export function hitIn(file: AuditFile, hit: Hit): Hit {
  if (file.path === '') return hit;
  // The text is one field: all that can be pointed at is the whole of it, and what is wrong stands in the message.
  const where = hit.path === '' ? '' : ` (${hit.path})`;
  return {
    ...hit,
    message: `${hit.message}${where}`,
    path: file.path,
    value: hit.value ?? null,
    key: `${file.path} ${hit.key ?? ''}`.trim(),
  };
}
