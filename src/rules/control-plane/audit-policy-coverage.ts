import { settingOf } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { shortfalls } from './audit-coverage.ts';
import { fileRule } from './file-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = fileRule({
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
  kind: 'Policy',
  file: (policy) =>
    shortfalls(policy).map(({ what, level, index, wanted }) => ({
      message:
        wanted === 'recorded'
          ? `audit policy does not record ${what}`
          : `audit policy writes contents of ${what} to the log (level ${level})`,
      path: index === undefined ? 'rules' : `rules[${index}].level`,
      value: index === undefined ? undefined : level,
      key: `${what} ${wanted}`,
    })),
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
      policy('{level: Metadata}'),
      policy('{level: None, users: [system:kube-proxy]}', '{level: Metadata}'),
      policy(
        '{level: Metadata, resources: [{group: "", resources: [secrets, configmaps]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}',
        '{level: Request}',
      ),
      documents(apiServer('--audit-policy-file=/a.yaml'), policy('{level: Metadata}')),
    ],
    bad: [
      { yaml: policy('{level: RequestResponse}'), path: 'rules[0].level' },
      { yaml: policy('{level: None, verbs: [get, list, watch]}', '{level: Metadata}'), path: 'rules[0].level' },
      { yaml: policy('{level: Metadata, resources: [{group: "", resources: [pods]}]}'), path: 'rules' },
      { yaml: apiServer('--audit-policy-file=/a.yaml'), path: FIRST, status: 'manual' },
    ],
  }),
});

function policy(...rules: string[]): string {
  return `apiVersion: audit.k8s.io/v1\nkind: Policy\nmetadata: {name: audit}\nrules: [${rules.join(', ')}]`;
}
