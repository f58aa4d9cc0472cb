import { POD, withPod } from '../examples.ts';
import { defineRule, mitre } from '../rule.ts';

export const rule = defineRule({
  id: 'etc-hosts',
  title: 'Names fixed in /etc/hosts by hostAliases',
  severity: 'low',
  area: 'pod-security',
  rationale:
    'Entries of hostAliases win over DNS in every container of the pod: a name can be sent to an address of an attacker without any sign in DNS, and a fixed address outlives the service behind it.',
  remedy:
    'Give the name an address in DNS: a Service with a selector or of type ExternalName, or the resolver of the cluster. Then remove hostAliases.',
  controls: mitre('T1557'),
  aliases: { trivy: ['KSV-0007'], kubesec: ['HostAliases'] },
  scope: 'workload',
  check({ pod, podPath }) {
    const { hostAliases } = pod;
    if (hostAliases === undefined || hostAliases.length === 0) return undefined;
    const names = hostAliases.flatMap(({ hostnames = [] }) => hostnames);
    const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
    return { message: `hostAliases fix the address of ${shown || 'no name'}`, path: `${podPath}.hostAliases` };
  },
  examples: () => ({
    good: [withPod(''), withPod('hostAliases: []'), withPod('hostname: web')],
    bad: [{ yaml: withPod('hostAliases: [{ip: 10.0.0.7, hostnames: [db.example.com, db]}]'), path: `${POD}.hostAliases` }],
  }),
});
