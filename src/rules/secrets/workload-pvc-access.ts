import { POD, withContainer } from '../examples.ts';
import { defineRule, mitre } from '../rule.ts';
import { isMounted, quotedNames } from './mounted.ts';

export const rule = defineRule({
  id: 'workload-pvc-access',
  title: 'Workload that keeps data in a claim',
  severity: 'info',
  area: 'secrets',
  rationale:
    'What breaks into the workload reads, changes or encrypts this data, and it stays when the pod is gone. It is a fact for judging what an attack reaches, not a mistake.',
  remedy:
    'Nothing need change. Mount the claim read-only where the program only reads, and keep backups where the workload cannot reach them.',
  controls: mitre('T1485'),
  aliases: { kubescape: ['C-0257'] },
  scope: 'workload',
  check(workload) {
    const volumes = workload.pod.volumes ?? [];
    let path: string | undefined;
    const names: string[] = [];
    for (let index = 0; index < volumes.length; index += 1) {
      const volume = volumes[index] ?? {};
      const { persistentVolumeClaim: claim, ephemeral } = volume;
      if ((claim === undefined && ephemeral === undefined) || !isMounted(workload, volume.name ?? '')) continue;
      path ??= `${workload.podPath}.volumes[${index}].${claim === undefined ? 'ephemeral' : 'persistentVolumeClaim.claimName'}`;
      names.push(claim?.claimName ?? volume.name ?? '');
    }
    if (path === undefined) return undefined;
    return { message: `keeps data in the ${names.length === 1 ? 'claim' : 'claims'} ${quotedNames(names)}`, path };
  },
  examples: () => ({
    good: [
      withContainer('volumeMounts: [{name: tmp, mountPath: /tmp}]', 'volumes: [{name: tmp, emptyDir: {}}]'),
      withContainer('volumeMounts: [{name: mypd1, mountPath: /data}]', 'volumes: [{name: mypd, persistentVolumeClaim: {claimName: data}}]'),
    ],
    bad: [
      {
        yaml: withContainer(
          'volumeMounts: [{name: data, mountPath: /data}]',
          'volumes: [{name: tmp, emptyDir: {}}, {name: data, persistentVolumeClaim: {claimName: shop}}]',
        ),
        path: `${POD}.volumes[1].persistentVolumeClaim.claimName`,
        severity: 'info',
      },
      {
        yaml: withContainer(
          'volumeDevices: [{name: raw, devicePath: /dev/x}]',
          'volumes: [{name: raw, persistentVolumeClaim: {claimName: raw}}]',
        ),
        path: `${POD}.volumes[0].persistentVolumeClaim.claimName`,
      },
    ],
  }),
});
