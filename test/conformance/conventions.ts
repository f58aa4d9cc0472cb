/**
 * Cases that say nothing about what their objects mean: they test a convention of the tool, or what no cluster of
 * today accepts. They are left out of the count by what they are, whatever our rules say of them.
 */
import { isRecord } from '../../src/model/index.ts';
import type { ScannerCase, Tool } from './scanner-cases.ts';

interface Convention {
  reason: string;
  applies(item: ScannerCase): boolean;
}

const EVERY_TOOL: readonly Convention[] = [
  {
    reason: 'a PodSecurityPolicy, a kind that Kubernetes dropped in 1.25',
    applies: ({ inputs }) => objects(inputs).some(({ kind }) => kind === 'PodSecurityPolicy'),
  },
  {
    reason: 'a seccomp annotation, which nothing reads since Kubernetes 1.27',
    applies: ({ inputs }) => JSON.stringify(inputs).includes('seccomp.security.alpha'),
  },
];

const BY_TOOL: Readonly<Partial<Record<Tool, readonly Convention[]>>> = {
  checkov: [
    {
      reason: "switched off by an annotation of the tool's own",
      applies: ({ case: name }) => name.includes('suppress'),
    },
    {
      reason: 'a pod of which one container passes and one fails, as its name says, under the one label pass',
      applies: ({ case: name }) => name.includes('1FAILED1PASSED'),
    },
    {
      reason: 'no Kubernetes object: its spec is a list',
      applies: ({ inputs }) => objects(inputs).some(({ spec }) => Array.isArray(spec)),
    },
  ],
  kubeaudit: [
    {
      reason: "switched off by a label of the tool's own, or about such a label",
      applies: ({ overridden = [], errors = [] }) => overridden.length > 0 || errors.includes('RedundantAuditorOverride'),
    },
    {
      reason: 'wants the default `privileged: false` written out',
      applies: ({ errors = [] }) => errors.includes('PrivilegedNil'),
    },
  ],
  polaris: [
    {
      reason: 'a binding to a role that the case does not hold, so nothing is known of what it grants',
      applies: ({ case: name }) => name.includes('missing_ref'),
    },
    {
      reason: "a role or binding that the tool trusts for its name ('system:', 'gce:'), whatever it grants",
      applies: ({ check, inputs }) => {
        const kind = /^(cluster)?rolebinding/.test(check) ? /Binding$/ : /Role$/;
        return objects(inputs).some((object) => kind.test(String(object.kind)) && /^(system|gce):/.test(nameOf(object)));
      },
    },
  ],
  trivy: [
    {
      reason: 'the verb impersonate on what nobody can impersonate, which grants nothing',
      applies: ({ inputs }) => {
        const rules = objects(inputs)
          .flatMap((role) => list(role.rules))
          .filter(isRecord);
        const verbs = rules.flatMap((rule) => list(rule.verbs));
        const resources = rules.flatMap((rule) => list(rule.resources));
        return (
          verbs.length > 0 &&
          verbs.every((verb) => verb === 'impersonate') &&
          !resources.some((resource) => IMPERSONATED.test(String(resource)))
        );
      },
    },
    {
      reason: 'data of a node, collected by an agent on it',
      applies: ({ inputs }) => objects(inputs).some(({ kind }) => kind === 'NodeInfo'),
    },
  ],
};

const IMPERSONATED = /^(users|groups|serviceaccounts|uids|userextras(\/.*)?|\*)$/;

/** Why a case does not count, where it does not. */
export function leftOutBy(tool: Tool, item: ScannerCase): string | undefined {
  return [...EVERY_TOOL, ...(BY_TOOL[tool] ?? [])].find((convention) => convention.applies(item))?.reason;
}

function objects(inputs: readonly unknown[]): Record<string, unknown>[] {
  return inputs.filter(isRecord);
}

function nameOf({ metadata }: Record<string, unknown>): string {
  return isRecord(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
