import { POD, withContainer } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';

/** Where clouds and their tools keep logins on a machine; a folder includes what lies below it. */
const PLACES: readonly { pattern: RegExp; what: string }[] = [
  { pattern: /(?:^|\/)\.aws(?:\/|$)/, what: 'AWS credentials' },
  { pattern: /(?:^|\/)\.azure(?:\/|$)|(?:^|\/)azure\.json$/, what: 'Azure credentials' },
  {
    pattern: /(?:^|\/)\.config\/gcloud(?:\/|$)|(?:^|\/)gcloud(?:\/|$)|(?:^|\/)\.boto$|^\/etc\/boto\.cfg$/,
    what: 'Google Cloud credentials',
  },
  {
    pattern: /(?:^|\/)\.(?:oci|aliyun|tccli|ibmcloud|bluemix|scw)(?:\/|$)|(?:^|\/)\.config\/(?:doctl|scw|hcloud)(?:\/|$)/,
    what: 'cloud credentials',
  },
  {
    pattern:
      /^\/etc\/(?:kubernetes\/)?(?:cloud\.conf|cloud-config|cloud\.config|cloud)(?:\/|$)|^\/var\/lib\/cloud\/(?:instances?|data)(?:\/|$)/,
    what: "the cloud provider's configuration of the node",
  },
];

export const rule = defineRule({
  id: 'cloud-credential-path',
  title: 'Cloud credentials of the node mounted',
  severity: 'high',
  area: 'secrets',
  rationale:
    'The login that the node or its administrator uses with the cloud lies in this path. A container that reads it leaves the cluster behind: machines, disks and registries of the whole account can be within its rights.',
  remedy:
    'Give the workload an identity of its own (workload identity of the provider, bound to its service account) and remove the volume. Node agents of the provider itself belong in a namespace that nobody else writes to.',
  controls: [...nsa('credentials-in-configuration', 'cloud-metadata'), ...mitre('T1552.001')],
  aliases: { kubescape: ['C-0020'] },
  effort: 'medium',
  scope: 'workload',
  check(workload) {
    const { volumes } = workload.pod;
    if (volumes === undefined || !volumes.some((volume) => volume.hostPath !== undefined)) return undefined;
    return volumes.flatMap(({ name = '', hostPath }, index) => {
      const path = hostPath?.path ?? '';
      const place = path === '' ? undefined : PLACES.find(({ pattern }) => pattern.test(normal(path)));
      if (place === undefined) return [];
      return [
        {
          message: `volume "${name}" holds ${place.what} of the node (${path})`,
          path: `${workload.podPath}.volumes[${index}].hostPath.path`,
          key: name,
        },
      ];
    });
  },
  examples: () => ({
    good: [
      withContainer('', 'volumes: [{name: logs, hostPath: {path: /var/log}}]'),
      withContainer('', 'volumes: [{name: aws, secret: {secretName: aws}}]'),
      withContainer('', 'volumes: [{name: code, hostPath: {path: /srv/.awsome/azure.json.d}}]'),
    ],
    bad: [
      {
        yaml: withContainer('', 'volumes: [{name: a, emptyDir: {}}, {name: aws, hostPath: {path: /root/.aws/credentials}}]'),
        path: `${POD}.volumes[1].hostPath.path`,
        severity: 'high',
      },
      { yaml: withContainer('', 'volumes: [{name: aws, hostPath: {path: /.aws/config/}}]'), path: `${POD}.volumes[0].hostPath.path` },
      {
        yaml: withContainer('', 'volumes: [{name: az, hostPath: {path: /etc/kubernetes//azure.json}}]'),
        path: `${POD}.volumes[0].hostPath.path`,
      },
      {
        yaml: withContainer('', 'volumes: [{name: g, hostPath: {path: /home/ops/.config/gcloud}}]'),
        path: `${POD}.volumes[0].hostPath.path`,
      },
    ],
  }),
});

function normal(path: string): string {
  return path.replace(/\/(?:\.?\/)+/g, '/').replace(/\/\.$/, '/');
}
