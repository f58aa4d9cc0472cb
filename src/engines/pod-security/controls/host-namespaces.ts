import type { Control } from '../control.ts';

const FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

export const hostNamespaces: Control = {
  id: 'hostNamespaces',
  level: 'baseline',
  reason: 'namespace of the node',
  versions: [{ since: 0, check: ({ spec }) => FIELDS.filter((field) => spec[field] === true).map((field) => `spec.${field}`) }],
};
