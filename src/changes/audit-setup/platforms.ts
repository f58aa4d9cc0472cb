/** How each platform writes and hands out its audit log, and what that never shows. From the platforms' documentation. */

export const PLATFORMS = ['kubeadm', 'eks', 'gke', 'aks', 'k3s', 'rke2', 'openshift'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface Setup {
  readonly title: string;
  /** Whether the policy is the user's to set. */
  readonly ownPolicy: boolean;
  /** What to do, as lines of text and commands. */
  readonly steps: readonly string[];
  /** How the log gets into a record. */
  readonly collect: readonly string[];
  readonly unseen: readonly string[];
}

/** Ten files of 100 MB are there to be read; the record is what is kept. */
const FLAGS = ['audit-log-maxage=30', 'audit-log-maxbackup=10', 'audit-log-maxsize=100'];

/** Of every managed control plane whose policy cannot be read. */
const FOREIGN_POLICY = [
  'The audit policy is the provider’s and cannot be set. A right is proved unused only where the same log shows that verb and resource used by somebody of the same kind (account or person); else its removal stays unknown (never-seen-logged).',
  'Access reviews may come without their bodies: then what components asked about others is unknown (asked-by-others).',
];

export const SETUPS: Readonly<Record<Platform, Setup>> = {
  kubeadm: {
    title: 'kubeadm, and every API server whose flags you set',
    ownPolicy: true,
    steps: [
      'On every control-plane node: write the policy to /etc/kubernetes/audit/policy.yaml and make the folder /var/log/kubernetes/audit.',
      'Give kube-apiserver (/etc/kubernetes/manifests/kube-apiserver.yaml, or apiServer.extraArgs and extraVolumes of ClusterConfiguration):',
      '  --audit-policy-file=/etc/kubernetes/audit/policy.yaml',
      '  --audit-log-path=/var/log/kubernetes/audit/audit.log',
      ...FLAGS.map((flag) => `  --${flag}`),
      'Mount both folders into its pod as hostPath, the policy read-only. The kubelet then starts it anew, one node after the other.',
    ],
    collect: [
      'castellan record add cp1=CP1/audit cp2=CP2/audit --record use.record     the folders of all control-plane nodes, each under its name',
    ],
    unseen: [],
  },
  k3s: {
    title: 'K3s',
    ownPolicy: true,
    steps: [
      'On every server: write the policy to /var/lib/rancher/k3s/server/audit.yaml, make the folder /var/lib/rancher/k3s/server/logs (mode 700), and add to /etc/rancher/k3s/config.yaml:',
      '  kube-apiserver-arg:',
      '    - audit-policy-file=/var/lib/rancher/k3s/server/audit.yaml',
      '    - audit-log-path=/var/lib/rancher/k3s/server/logs/audit.log',
      ...FLAGS.map((flag) => `    - ${flag}`),
      'Start k3s anew, one server after the other.',
    ],
    collect: ['castellan record add s1=S1/logs s2=S2/logs --record use.record     the folders of all servers, each under its name'],
    unseen: [],
  },
  rke2: {
    title: 'RKE2',
    ownPolicy: true,
    steps: [
      'On every server: write the policy to /etc/rancher/rke2/audit-policy.yaml and add to /etc/rancher/rke2/config.yaml:',
      '  audit-policy-file: /etc/rancher/rke2/audit-policy.yaml',
      '  kube-apiserver-arg:',
      '    - audit-log-path=/var/lib/rancher/rke2/server/logs/audit.log',
      ...FLAGS.map((flag) => `    - ${flag}`),
      'Start rke2-server anew, one server after the other. Without a policy of yours RKE2 logs nothing (level None).',
    ],
    collect: ['castellan record add s1=S1/logs s2=S2/logs --record use.record     the folders of all servers, each under its name'],
    unseen: [],
  },
  openshift: {
    title: 'OpenShift',
    ownPolicy: false,
    steps: [
      'The profile Default logs reads and writes without bodies, which is what is needed; see that it was not set to None:',
      '  oc get apiserver cluster -o jsonpath={.spec.audit}',
      'Where spec.audit.customRules has rules for groups, they must not be None either.',
    ],
    collect: [
      'oc adm node-logs NODE --path=kube-apiserver/audit.log > NODE.log     for every control-plane node; the rotated ones stand beside it',
      'castellan record add NODE1=NODE1.log NODE2=NODE2.log --record use.record',
    ],
    unseen: [
      'The profile is no policy file: without --audit-policy a right is proved unused only where the same log shows that verb and resource used by somebody of the same kind.',
      'Bodies are left out, so what components asked about others is unknown (asked-by-others). The servers of OpenShift’s own resources write logs of their own (openshift-apiserver, oauth-apiserver): read them too.',
    ],
  },
  eks: {
    title: 'Amazon EKS',
    ownPolicy: false,
    steps: [
      'The audit log is off until it is turned on; it goes to CloudWatch Logs, which charges by volume:',
      '  aws eks update-cluster-config --name CLUSTER --logging \'{"clusterLogging":[{"types":["audit"],"enabled":true}]}\'',
      '  aws logs put-retention-policy --log-group-name /aws/eks/CLUSTER/cluster --retention-in-days 30',
    ],
    collect: [
      'aws logs filter-log-events --log-group-name /aws/eks/CLUSTER/cluster --log-stream-name-prefix kube-apiserver-audit --output json > audit.json',
      'castellan record add audit.json --record use.record     each log stream is one API server; tell their number with --servers',
    ],
    unseen: FOREIGN_POLICY,
  },
  gke: {
    title: 'Google GKE',
    ownPolicy: false,
    steps: [
      'Writes are always logged (Admin Activity). Reads are Data Access logs, off until they are turned on and charged by volume:',
      '  IAM & Admin → Audit Logs → Kubernetes Engine API: Admin Read, Data Read and Data Write',
      '  gcloud logging buckets update _Default --location=global --retention-days=30',
    ],
    collect: [
      'gcloud logging read \'protoPayload.serviceName="k8s.io" AND resource.labels.cluster_name="CLUSTER"\' --freshness=1d --format=json > audit.json',
      'castellan record add audit.json --record use.record     one log holds all API servers',
    ],
    unseen: [
      ...FOREIGN_POLICY,
      'The log tells no groups: rights that somebody has by a group of his own cannot be put down to him.',
      'Without the Data Access logs no read is ever proved unused.',
    ],
  },
  aks: {
    title: 'Azure AKS',
    ownPolicy: false,
    steps: [
      'The log is off until a diagnostic setting sends it somewhere. Take the category kube-audit: kube-audit-admin leaves out get and list, so no read could be proved unused:',
      '  az monitor diagnostic-settings create --name castellan --resource CLUSTER_ID --storage-account ACCOUNT_ID \\',
      '    --logs \'[{"category":"kube-audit","enabled":true}]\'',
      'Let a lifecycle rule of the storage account delete after 30 days.',
    ],
    collect: [
      'az storage blob download-batch --account-name ACCOUNT --source insights-logs-kube-audit --destination audit/',
      'castellan record add audit/ --record use.record     each record names its API server; tell their number with --servers',
    ],
    unseen: FOREIGN_POLICY,
  },
};
