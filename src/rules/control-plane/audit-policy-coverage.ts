import { settingOf } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { type Shortfall, shortfalls } from './audit-coverage.ts';
import { fieldOf, forWhom, listed } from './audit-parts.ts';
import { AUDIT_TEXT, auditConfigMap, auditPolicy, shownInAudit } from './audit-rule.ts';
import { auditFilesOf, hitIn } from './audit-files.ts';
import { serverFileRule } from './file-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = serverFileRule({
  id: 'audit-policy-coverage',
  title: 'Audit policy misses what matters',
  severity: 'medium',
  rationale:
    'An investigation asks who read Secrets, who ran commands in pods and who changed workloads; what the policy drops nobody can answer, and contents of Secrets in the log are one more place to steal them from.',
  remedy:
    'Record Secrets, ConfigMaps and TokenReviews at level Metadata, changes of pods and deployments and the exec, portforward and proxy subresources at Metadata or above, and begin no rule with None that also takes these.',
  controls: [...cis('3.2.2'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  aliases: { kubescape: ['C-0161'] },
  effort: 'medium',
  holds: (object) => auditFilesOf(object).some(({ policy }) => policy !== undefined),
  fileKinds: ['Policy', 'ConfigMap'],
  find: (object) =>
    auditFilesOf(object).flatMap((file) => {
      const { policy } = file;
      if (policy === undefined) return [];
      return byDecider(shortfalls(policy)).map(({ whats, wanted, part, touched }) =>
        hitIn(file, {
          message:
            wanted === 'recorded'
              ? `audit policy does not record ${listed(whats)}${forWhom(part)}`
              : `audit policy writes contents of ${listed(whats)} to the log (level ${part.level})${forWhom(part)}`,
          ...fieldOf(policy, part),
          key: `${whats.join(' ')} ${wanted}`,
          ...(touched === 'some' && { severity: 'low' as const }),
        }),
      );
    }),
  shownIn: shownInAudit,
  flag: '--audit-policy-file',
  server(line, seen) {
    const use = settingOf(line, '--audit-policy-file');
    if (use === undefined || seen) return undefined;
    return {
      words: `records by ${use.value}, which is not in the input: look whether it covers Secrets, exec and changes`,
      use,
      status: 'manual',
    };
  },
  examples: () => ({
    good: [
      auditPolicy('{level: Metadata}'),
      auditPolicy('{level: None, users: [system:kube-proxy]}', '{level: Metadata}'),
      auditPolicy(
        '{level: Metadata, resources: [{group: "", resources: [secrets, configmaps]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}',
        '{level: Request}',
      ),
      auditConfigMap('{level: Metadata}'),
      documents(apiServer('--audit-policy-file=/a.yaml'), auditPolicy('{level: Metadata}')),
    ],
    bad: [
      { yaml: auditPolicy('{level: RequestResponse}'), path: 'rules[0].level', severity: 'medium' },
      { yaml: auditPolicy('{level: None, verbs: [get, list, watch]}', '{level: Metadata}'), path: 'rules[0].level' },
      { yaml: auditPolicy('{level: None, namespaces: [shop]}', '{level: Metadata}'), path: 'rules[0].level', severity: 'low' },
      { yaml: auditPolicy('{level: Metadata, omitStages: [RequestReceived, ResponseComplete]}'), path: 'rules[0].omitStages' },
      { yaml: auditPolicy('{level: Metadata, resources: [{group: "", resources: [pods]}]}'), path: 'rules' },
      { yaml: auditConfigMap('{level: Request}'), path: AUDIT_TEXT },
      { yaml: apiServer('--audit-policy-file=/a.yaml'), path: FIRST, status: 'manual' },
    ],
  }),
});

interface Group extends Omit<Shortfall, 'what'> {
  readonly whats: string[];
}

/** What one rule leaves out is one fact; what it stores is told one by one, as audit-policy-secret-contents does. */
function byDecider(found: readonly Shortfall[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { what, ...rest } of found) {
    const key = rest.wanted === 'recorded' ? `${rest.part.rule ?? 'none'}` : `${what} stored`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { whats: [what], ...rest });
    else group.whats.push(what);
  }
  return [...groups.values()];
}
