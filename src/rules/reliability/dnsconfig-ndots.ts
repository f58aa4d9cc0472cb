import { POD, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';

export interface DnsOptions {
  /** Also tell of pods that leave DNS as it is by default, which is nearly all of them. */
  everywhere: boolean;
  /** The most dots that are fine. */
  maximum: number;
}
const CONFIGURED_ONLY: DnsOptions = { everywhere: false, maximum: 4 };

export const rule = defineRule({
  id: 'dnsconfig-ndots',
  title: 'DNS search list tried for every outside name',
  severity: 'info',
  area: 'reliability',
  rationale:
    'With ndots 5, the default, a name such as api.example.com is first looked up under every search domain: several useless queries for each real one, which also tell the names that a workload uses to whoever serves those domains.',
  remedy:
    'Set dnsConfig.options ndots to 2, or end outside names with a dot. Names of Services in short form without their namespace still work.',
  controls: [],
  aliases: { 'kube-linter': ['dnsconfig-options'], 'kyverno-policies': ['add-ndots', 'dns-policy-and-dns-config'] },
  scope: 'workload',
  options: CONFIGURED_ONLY,
  applies: ({ pod }, _tables, { everywhere }) => everywhere || pod.dnsConfig !== undefined,
  check({ pod, podPath }, _tables, { everywhere, maximum }) {
    const { dnsConfig, dnsPolicy } = pod;
    const options = dnsConfig?.options ?? [];
    const index = options.findIndex(({ name }) => name === 'ndots');
    if (index >= 0) {
      const dots = Number(options[index]?.value);
      return dots <= maximum
        ? undefined
        : { message: `sets ndots to ${options[index]?.value ?? 'no value'}`, path: `${podPath}.dnsConfig.options[${index}].value` };
    }
    // The kubelet writes ndots 5 only with the search list of the cluster; elsewhere the resolver's own default is 1.
    if (dnsPolicy === 'None' || dnsPolicy === 'Default') return undefined;
    if (!everywhere && options.length === 0 && (dnsConfig?.searches ?? []).length === 0) return undefined;
    return {
      message: `${dnsConfig === undefined ? 'leaves' : 'configures DNS but leaves'} ndots at the default of 5`,
      path: `${podPath}.dnsConfig.options`,
    };
  },
  examples: () => ({
    good: [
      withPod(''),
      withPod('dnsConfig: {options: [{name: ndots, value: "2"}]}'),
      withPod('dnsPolicy: None\ndnsConfig: {nameservers: [10.0.0.10]}'),
    ],
    bad: [
      { yaml: withPod('dnsConfig: {options: [{name: ndots, value: "5"}]}'), path: `${POD}.dnsConfig.options[0].value` },
      { yaml: withPod('dnsConfig: {searches: [example.com]}'), path: `${POD}.dnsConfig.options` },
    ],
  }),
});
