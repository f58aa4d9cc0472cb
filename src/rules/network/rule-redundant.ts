import { rulesText } from '../../engines/network/index.ts';
import { documents } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, networkOf, ruleKey } from './network.ts';
import { superfluousIn } from './superfluous.ts';

const policy = (name: string, ingress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: {}, ingress: ${ingress}}`;
const CART = '{from: [{podSelector: {matchLabels: {app: cart}}}], ports: [{port: 80}]}';

export const rule = defineRule({
  id: 'rule-redundant',
  title: 'Rule that others make needless',
  severity: 'info',
  area: 'network',
  rationale:
    'Other rules for the same pods allow all that this one allows, so it only looks as if it decided something: whoever deletes or tightens it closes nothing.',
  remedy: 'Delete the rule, or tighten the wider one where this one says what is meant.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    return (superfluousIn(network).rules.get(object) ?? []).map(({ direction, rule, by }) => ({
      key: ruleKey(object, direction, rule.number),
      message: `${direction} rule ${rule.number} allows nothing that ${rulesText(by)} ${by.length === 1 ? 'does' : 'do'} not`,
      path: `spec.${direction}[${rule.number - 1}]`,
      also: by.flatMap((one) => {
        const other = network.objectOf(one.policy);
        return other === undefined ? [] : [{ object: other, path: `spec.${direction}[${one.rule.number - 1}]` }];
      }),
    }));
  },
  examples: () => ({
    good: [
      policy('web', `[${CART}, ${CART.replace('80', '81')}]`),
      policy('web', `[${CART}, ${CART.replace('podSelector', 'namespaceSelector')}]`),
      // One of the peers is elsewhere too.
      policy(
        'web',
        `[${CART.replace('}}}]', '}}}, {namespaceSelector: {}}]')}, ${CART.replace('}}}]', '}}}, {ipBlock: {cidr: 192.0.2.0/24}}]')}]`,
      ),
    ],
    bad: [
      { yaml: policy('web', `[${CART}, ${CART}]`), path: 'spec.ingress[1]' },
      { yaml: policy('web', `[{from: [{podSelector: {}}]}, ${CART}]`), path: 'spec.ingress[1]' },
      { yaml: policy('web', `[${CART}, {ports: [{port: 80}]}]`), path: 'spec.ingress[0]' },
      {
        yaml: documents(
          policy('all', '[{from: [{namespaceSelector: {}}]}]'),
          policy('web', `[${CART}, {from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]`),
        ),
        path: 'spec.ingress[0]',
      },
    ],
  }),
});
