import { parseInteger } from '../../engines/command-line/index.ts';
import { cis, nsa } from '../rule.ts';
import { FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-event-qps',
  title: 'kubelet records events at an odd rate',
  severity: 'low',
  rationale:
    'Events are part of the trail after an incident: with a rate that is refused the kubelet does not start, and without a limit a crashing pod floods etcd.',
  remedy: 'Leave eventRecordQPS at its default, or choose a rate at which no event of interest is lost.',
  controls: [...cis('4.2.8'), ...nsa('control-plane-hardening', 'audit-logging')],
  aliases: { kubescape: ['C-0180'], trivy: ['KCV-0087'], checkov: ['CKV_K8S_147'] },
  flag: '--event-qps',
  field: 'eventRecordQPS',
  read: (config) => config.eventRecordQPS,
  byDefault: { flag: '50', file: '50' },
  wrong: (value) => {
    const rate = parseInteger(value ?? '');
    if (rate === undefined || rate < 0) return { because: ', which is no rate' };
    return rate === 0 ? { status: 'manual', because: ', which is no limit: look whether etcd stands that' } : undefined;
  },
  examples: () => ({
    good: [kubelet(), kubelet('--event-qps=6'), kubeletConfiguration('eventRecordQPS: 50')],
    bad: [
      { yaml: kubelet('--event-qps=-1'), path: FIRST },
      { yaml: kubeletConfiguration('eventRecordQPS: -5'), path: 'eventRecordQPS' },
      { yaml: kubeletConfiguration('eventRecordQPS: 0'), path: 'eventRecordQPS', status: 'manual' },
    ],
  }),
});
