import type { ApiObject, PodSpec, Tables } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { servesRequests } from './serving.ts';

const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}';
const recreate = withPod('').replace('spec:\n', 'spec:\n  strategy: {type: Recreate}\n');

export const rule = defineRule({
  id: 'rolling-update',
  title: 'Updates stop the workload or never reach it',
  severity: 'low',
  area: 'reliability',
  rationale:
    'A Deployment that is recreated answers nobody during each update, so fixes wait for a quiet night; a DaemonSet with OnDelete keeps the old image on every node until somebody deletes its pods.',
  remedy:
    'Set the strategy to RollingUpdate. Programs that cannot run twice (one writer, a volume for one node) have to stay with Recreate.',
  controls: [],
  aliases: { kubescape: ['C-0305'], 'kube-linter': ['no-rolling-update-strategy'], 'kube-score': ['deployment-strategy'] },
  scope: 'object',
  kinds: ['Deployment', 'DaemonSet', 'DeploymentConfig'],
  reads: ['Service', 'workloads', 'completeness', 'PersistentVolumeClaim'],
  check(object, tables) {
    if (object.known === 'DaemonSet') return daemonHit(object as ApiObject<'DaemonSet'>);
    const { spec } = (object as ApiObject<'Deployment'>).body;
    const { type, rollingUpdate } = spec?.strategy ?? {};
    // Where the input has Services and none selects it, nobody waits while it is away.
    if (servesRequests({ object }, tables) === 'no' && object.known === 'Deployment') return undefined;
    if (type === undefined || type === 'RollingUpdate' || type === 'Rolling') {
      return rollingUpdate?.maxUnavailable === '100%'
        ? { message: 'an update may take all replicas down at once', path: 'spec.strategy.rollingUpdate.maxUnavailable' }
        : undefined;
    }
    if (type === 'Recreate' && holdsSingleWriter(spec?.template?.spec, object.namespace, tables)) return undefined;
    return {
      message:
        type === 'Recreate' ? 'an update stops all pods before it starts new ones' : `the update strategy "${type}" is not a rolling one`,
      path: 'spec.strategy.type',
    };
  },
  examples: () => ({
    good: [
      withPod(''),
      withPod('').replace('spec:\n', 'spec:\n  strategy: {type: RollingUpdate}\n'),
      documents(recreate, SERVICE.replaceAll('web', 'api')),
      documents(
        withPod('volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]').replace(
          'spec:\n',
          'spec:\n  strategy: {type: Recreate}\n',
        ),
        '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}, spec: {accessModes: [ReadWriteOnce]}}',
      ),
    ],
    bad: [
      { yaml: recreate, path: 'spec.strategy.type' },
      { yaml: documents(recreate, SERVICE), path: 'spec.strategy.type' },
      {
        yaml: withPod('').replace('spec:\n', 'spec:\n  strategy: {rollingUpdate: {maxUnavailable: 100%}}\n'),
        path: 'spec.strategy.rollingUpdate.maxUnavailable',
      },
      {
        yaml: withPod('').replace('Deployment', 'DaemonSet').replace('spec:\n', 'spec:\n  updateStrategy: {type: OnDelete}\n'),
        path: 'spec.updateStrategy.type',
      },
    ],
  }),
});

function daemonHit({ body }: ApiObject<'DaemonSet'>): Hit | undefined {
  if (body.spec?.updateStrategy?.type !== 'OnDelete') return undefined;
  return { message: 'an update reaches no node until its pods are deleted by hand', path: 'spec.updateStrategy.type' };
}

/** A volume that only one node may hold makes two instances of the pod wait for each other. */
function holdsSingleWriter(
  pod: PodSpec | undefined,
  namespace: string,
  { PersistentVolumeClaim }: Pick<Tables, 'PersistentVolumeClaim'>,
): boolean {
  return (pod?.volumes ?? []).some(({ persistentVolumeClaim }) => {
    const modes = PersistentVolumeClaim.get(namespace, persistentVolumeClaim?.claimName ?? '')?.body.spec?.accessModes ?? [];
    return modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
  });
}
