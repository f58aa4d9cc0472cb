/**
 * Types of the fields of a policy file as Go's JSON decoder demands them: names in exactly this case, null as if the
 * field were absent, and no conversion between texts, numbers and booleans.
 */
import { joinPath } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';

type Type = 'string' | 'boolean' | 'integer' | 'time' | { list: Type } | { map: Type } | { fields: Readonly<Record<string, Type>> };

export interface FieldProblem {
  readonly path: string;
  /** Without a full stop. */
  readonly message: string;
}

export interface Decoded {
  /** Why the server refuses the file. */
  readonly problems: readonly FieldProblem[];
  /** Fields that it does not know: it warns in its log and goes on without them. */
  readonly unknown: readonly string[];
}

const texts: Type = { list: 'string' };
const METADATA: Type = {
  fields: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    selfLink: 'string',
    uid: 'string',
    resourceVersion: 'string',
    generation: 'integer',
    creationTimestamp: 'time',
    deletionTimestamp: 'time',
    deletionGracePeriodSeconds: 'integer',
    labels: { map: 'string' },
    annotations: { map: 'string' },
    finalizers: texts,
    ownerReferences: {
      list: {
        fields: {
          apiVersion: 'string',
          kind: 'string',
          name: 'string',
          uid: 'string',
          controller: 'boolean',
          blockOwnerDeletion: 'boolean',
        },
      },
    },
    managedFields: {
      list: {
        fields: {
          manager: 'string',
          operation: 'string',
          apiVersion: 'string',
          time: 'time',
          fieldsType: 'string',
          fieldsV1: { map: { fields: {} } },
          subresource: 'string',
        },
      },
    },
  },
};

const POLICY: Type = {
  fields: {
    apiVersion: 'string',
    kind: 'string',
    metadata: METADATA,
    omitStages: texts,
    omitManagedFields: 'boolean',
    rules: {
      list: {
        fields: {
          level: 'string',
          users: texts,
          userGroups: texts,
          verbs: texts,
          resources: { list: { fields: { group: 'string', resources: texts, resourceNames: texts } } },
          namespaces: texts,
          nonResourceURLs: texts,
          omitStages: texts,
          omitManagedFields: 'boolean',
        },
      },
    },
  },
};

export function decodePolicy(file: Readonly<Record<string, unknown>>): Decoded {
  const problems: FieldProblem[] = [];
  const unknown: string[] = [];
  check(file, POLICY, '');
  return { problems, unknown };

  function check(value: unknown, type: Type, path: string): void {
    if (value === null || value === undefined) return;
    if (typeof type === 'string') {
      if (!isScalar(value, type)) problems.push({ path, message: `${path} must be ${WORDS[type]}` });
    } else if ('list' in type) {
      if (!Array.isArray(value)) problems.push({ path, message: `${path} must be a list` });
      else for (const [index, item] of value.entries()) check(item, type.list, joinPath(path, index));
    } else if (!isRecord(value)) {
      problems.push({ path, message: `${path} must be an object` });
    } else if ('map' in type) {
      // What managedFields hold is kept as it is.
      if (path.endsWith('fieldsV1')) return;
      for (const [key, item] of Object.entries(value)) check(item, type.map, joinPath(path, key));
    } else {
      for (const [key, item] of Object.entries(value)) {
        const field = Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
        if (field === undefined) unknown.push(joinPath(path, key));
        else check(item, field, joinPath(path, key));
      }
    }
  }
}

const WORDS = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  time: 'a time such as 2030-01-31T12:00:00Z',
} as const;
const RFC3339 = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function isScalar(value: unknown, type: keyof typeof WORDS): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'time') return typeof value === 'string' && RFC3339.test(value);
  return typeof value === type;
}
