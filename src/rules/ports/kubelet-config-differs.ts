import { type Drift, configzName, kubeletDrift } from '../../engines/component-config/index.ts';
import { documents } from '../examples.ts';
import { nodeFacts } from '../node/node-examples.ts';
import { type Hit, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { portRule } from './port-rule.ts';

const HARD =
  '{"kind": "KubeletConfiguration", "authentication": {"anonymous": {"enabled": false}}, "streamingConnectionIdleTimeout": "5m"}';
/** As kubelets answer: with the defaults, and without what is zero. */
const RUNNING = {
  authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
  authorization: { mode: 'Webhook' },
  address: '0.0.0.0',
  port: 10_250,
  ...Object.fromEntries(
    ['Server', 'DebuggingHandlers', 'ProfilingHandler', 'DebugFlagsHandler', 'SystemLogHandler'].map((name) => [`enable${name}`, true]),
  ),
  streamingConnectionIdleTimeout: '5m0s',
  makeIPTablesUtilChains: true,
  podPidsLimit: -1,
  seccompDefault: false,
};

/** What a kubelet without a file has where no flag says otherwise, and those of its defaults that are the same. */
const OLD = {
  authentication: { anonymous: { enabled: false }, webhook: { enabled: false } },
  streamingConnectionIdleTimeout: '4h0m0s',
};

export const rule = portRule({
  id: 'kubelet-config-differs',
  title: 'kubelet runs with other settings than its files say',
  severity: 'medium',
  component: 'kubelet',
  rationale:
    'What was hardened in a file does not hold until the kubelet reads it, and what somebody changed while it ran leaves the file as it was: who looks at files alone is told the opposite of what is.',
  remedy:
    'Compare the arguments of the running kubelet with its unit and files (castellan node collect on the node), then restart it: systemctl restart kubelet. Pods keep running.',
  controls: [...nsa('control-plane-hardening')],
  applies: ({ fact, kubelet }) => fact.configz !== undefined && kubelet !== undefined,
  check({ fact, kubelet }): Hit[] {
    if (fact.configz === undefined || kubelet === undefined) return [];
    return kubeletDrift(kubelet.config, fact.configz.config).map((drift): Hit => {
      const { path, told, runs } = drift;
      const { origin, path: where } = kubelet.object.locate(path);
      const also = [{ file: origin.source, path: where, value: told }];
      return { message: wordsOf(drift), file: configzName(fact), path, value: runs, key: path, also };
    });
  },
  examples: () => ({
    good: [
      documents(kubelet(HARD), answering({})),
      documents(byFlags('--anonymous-auth=false'), answering({ authorization: { mode: 'AlwaysAllow' }, readOnlyPort: 10_255, ...OLD })),
      documents(kubelet(HARD, '--pod-max-pids=100'), answering({ podPidsLimit: 100 })),
    ],
    bad: [
      {
        yaml: documents(kubelet(HARD), answering({ authentication: { anonymous: { enabled: true }, webhook: { enabled: true } } })),
        path: 'authentication.anonymous.enabled',
      },
      { yaml: documents(kubelet(HARD), answering({ readOnlyPort: 10_255 })), path: 'readOnlyPort' },
      { yaml: documents(kubelet(HARD), answering({ streamingConnectionIdleTimeout: '4h0m0s' })), path: 'streamingConnectionIdleTimeout' },
      { yaml: documents(kubelet(HARD, '--pod-max-pids=100'), answering({})), path: 'podPidsLimit' },
      // Flags alone, with the defaults that these have.
      { yaml: documents(byFlags('--anonymous-auth=true'), answering({ ...OLD })), path: 'authentication.anonymous.enabled' },
    ],
  }),
});

function wordsOf({ path, told, holds, runs }: Drift): string {
  const says = told === undefined ? `leave it at ${shown(holds)}` : `say ${shown(told)}`;
  return `the kubelet runs with ${path} ${shown(runs)}, and its files and flags ${says}`;
}

/** Go leaves out what is zero. */
function shown(value: unknown): string {
  return value === undefined || value === '' ? 'unset' : JSON.stringify(value);
}

function kubelet(config: string, ...flags: readonly string[]): string {
  return nodeFacts({
    processes: [['kubelet', '--config=/var/lib/kubelet/config.yaml', ...flags]],
    files: { '/var/lib/kubelet/config.yaml': `600 root:root ${config}` },
  });
}

function byFlags(...flags: readonly string[]): string {
  return nodeFacts({ processes: [['kubelet', ...flags]] });
}

function answering(changed: Readonly<Record<string, unknown>>): string {
  return probed({ component: 'kubelet', configz: { ...RUNNING, ...changed } });
}
