/** The form of a rule about what the operators of OpenShift decide: a person looks, where Nodes tell that it is OpenShift. */
import { type Rule, type RuleHeader, defineRule } from '../rule.ts';

interface OpenshiftRule extends Omit<RuleHeader, 'area' | 'byPerson'> {
  component: string;
  /** What to look at, in words that go on from the message. */
  look: string;
}

const LABEL = 'node.openshift.io/os_id';

export function openshiftRule({ look, ...header }: OpenshiftRule): Rule {
  return defineRule({
    ...header,
    area: 'control-plane',
    byPerson: true,
    scope: 'cluster',
    reads: ['Node'],
    applies: (_cluster, { Node }) => Node.all.some(({ labels }) => labels[LABEL] !== undefined),
    check: () => ({ message: look, path: '', value: undefined, status: 'manual' }),
    examples: () => ({
      good: ['{apiVersion: v1, kind: Node, metadata: {name: a}}'],
      bad: [{ yaml: `{apiVersion: v1, kind: Node, metadata: {name: a, labels: {${LABEL}: rhel}}}`, path: '', status: 'manual' }],
    }),
  });
}
