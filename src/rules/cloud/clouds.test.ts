/** Whole descriptions as the providers' command lines print them: as made by default, and hardened. */
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { type Status, RULES, benchmarkFor, judgeAll } from '../index.ts';
import { aks, eks, gke } from './cloud-examples.ts';

function said(description: string): Map<string, Status> {
  const statuses = new Map<string, Status>();
  judgeAll(clusterOf([JSON.parse(description)]), { rules: RULES, all: true }, ({ rule, status }) => {
    if (statuses.get(rule.id) !== 'fail') statuses.set(rule.id, status);
  });
  return statuses;
}

function withStatus(description: string, wanted: Status): string[] {
  return [...said(description)]
    .filter(([, status]) => status === wanted)
    .map(([id]) => id)
    .toSorted();
}

const POOL = {
  name: 'default-pool',
  config: {
    serviceAccount: 'nodes@shop.iam.gserviceaccount.com',
    imageType: 'COS_CONTAINERD',
    workloadMetadataConfig: { mode: 'GKE_METADATA' },
    shieldedInstanceConfig: { enableIntegrityMonitoring: true, enableSecureBoot: true },
    bootDiskKmsKey: 'projects/shop/locations/l/keyRings/r/cryptoKeys/k',
    sandboxConfig: { type: 'GVISOR' },
  },
  management: { autoRepair: true, autoUpgrade: true },
};

const HARD = {
  eks: eks({
    resourcesVpcConfig: {
      subnetIds: ['subnet-1'],
      endpointPublicAccess: false,
      endpointPrivateAccess: true,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: true }] },
    encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' } }],
    accessConfig: { authenticationMode: 'API' },
    identity: { oidc: { issuer: 'https://oidc.example/id/1' } },
    kubernetesNetworkConfig: { ipFamily: 'ipv4' },
  }),
  aks: aks({
    aadProfile: { managed: true, enableAzureRbac: true },
    disableLocalAccounts: true,
    apiServerAccessProfile: { enablePrivateCluster: true },
    agentPoolProfiles: [{ name: 'system', enableNodePublicIp: false }],
    networkProfile: { networkPlugin: 'azure', networkPolicy: 'cilium' },
    securityProfile: { azureKeyVaultKms: { enabled: true }, workloadIdentity: { enabled: true } },
    oidcIssuerProfile: { enabled: true },
    autoUpgradeProfile: { upgradeChannel: 'stable', nodeOsUpgradeChannel: 'NodeImage' },
  }),
  gke: gke({
    masterAuth: { clusterCaCertificate: 'x', clientCertificateConfig: {} },
    addonsConfig: { kubernetesDashboard: { disabled: true } },
    authenticatorGroupsConfig: { enabled: true },
    binaryAuthorization: { evaluationMode: 'PROJECT_SINGLETON_POLICY_ENFORCE' },
    databaseEncryption: { state: 'ENCRYPTED' },
    ipAllocationPolicy: { useIpAliases: true },
    legacyAbac: {},
    loggingConfig: { componentConfig: { enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS', 'APISERVER'] } },
    masterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: [{ cidrBlock: '10.0.0.0/8' }] },
    networkConfig: { datapathProvider: 'ADVANCED_DATAPATH', enableIntraNodeVisibility: true },
    privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true },
    releaseChannel: { channel: 'REGULAR' },
    securityPostureConfig: { mode: 'BASIC' },
    shieldedNodes: { enabled: true },
    workloadIdentityConfig: { workloadPool: 'shop.svc.id.goog' },
    nodePools: [POOL, { ...POOL, name: 'second' }],
  }),
};

describe.each(Object.entries(HARD))('%s', (name, description) => {
  it('has no fault when it is hardened', () => {
    expect(withStatus(description, 'fail')).toEqual([]);
    expect(withStatus(description, 'unknown')).toEqual([]);
    expect(withStatus(description, 'pass').length).toBeGreaterThan(4);
  });

  it('is judged by its own benchmark', () => {
    expect(benchmarkFor(clusterOf([JSON.parse(description)]))?.distribution).toBe(name);
  });

  it('has a status for every field that is of a wrong type, and never an error', () => {
    const { cluster, ...root } = JSON.parse(description) as Record<string, unknown>;
    const fields = (cluster ?? root) as Record<string, unknown>;
    for (const wrong of [null, 'text', 7, [], {}, [[]], [null]]) {
      for (const field of Object.keys(fields).filter((each) => !['name', 'arn', 'id', 'type', 'selfLink'].includes(each))) {
        const broken = { ...fields, [field]: wrong };
        const messages: string[] = [];
        judgeAll(clusterOf([cluster === undefined ? broken : { cluster: broken }]), { rules: RULES }, ({ message }) =>
          messages.push(message),
        );
        expect(messages.filter((message) => message.startsWith('the rule failed'))).toEqual([]);
      }
    }
  });
});

it('of EKS as eksctl makes it has these faults', () => {
  const description = eks({
    resourcesVpcConfig: {
      subnetIds: ['subnet-1'],
      endpointPublicAccess: true,
      endpointPrivateAccess: false,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: false }] },
    accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' },
    identity: { oidc: { issuer: 'https://oidc.example/id/1' } },
  });
  expect(withStatus(description, 'fail')).toEqual([
    'cloud-audit-logs-on',
    'cloud-endpoint-private',
    'cloud-endpoint-restricted',
    'cloud-secrets-kms',
    'eks-access-entries',
  ]);
});

it('of AKS as az aks create makes it has these faults', () => {
  const description = aks({
    aadProfile: null,
    disableLocalAccounts: false,
    apiServerAccessProfile: null,
    agentPoolProfiles: [{ name: 'nodepool1', enableNodePublicIp: false }],
    networkProfile: { networkPlugin: 'azure', networkPolicy: 'none' },
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: null },
    autoUpgradeProfile: { nodeOsUpgradeChannel: 'NodeImage', upgradeChannel: null },
  });
  expect(withStatus(description, 'fail')).toEqual([
    'aks-azure-rbac',
    'cloud-auto-upgrade',
    'cloud-endpoint-private',
    'cloud-endpoint-restricted',
    'cloud-networkpolicy',
    'cloud-rbac-identity',
    'cloud-secrets-kms',
    'cloud-workload-identity',
  ]);
});

describe('what a description does not tell', () => {
  it.each([
    ['no more than its name', { cluster: { name: 'x', arn: 'arn:aws:eks:eu-west-1:1:cluster/x' } }],
    [
      'sections of another form',
      {
        cluster: {
          name: 'x',
          arn: 'arn:aws:eks:x',
          resourcesVpcConfig: [1, 2],
          logging: 'yes',
          encryptionConfig: { a: 1 },
          accessConfig: 7,
        },
      },
    ],
    [
      'fields of another type',
      {
        cluster: {
          name: 'x',
          arn: 'arn:aws:eks:x',
          resourcesVpcConfig: { endpointPublicAccess: 'true' },
          logging: { clusterLogging: 'all' },
          encryptionConfig: ['secrets', 1],
          accessConfig: [],
        },
      },
    ],
    [
      'a name of Azure',
      {
        name: 'a',
        id: '/subscriptions/x/resourcegroups/r/providers/Microsoft.ContainerService/managedClusters/a',
        type: 'Microsoft.ContainerService/ManagedClusters',
      },
    ],
    ['a name of Google', { name: 'g', selfLink: 'https://container.googleapis.com/v1/projects/p/locations/l/clusters/g' }],
  ])('is unknown: %s', (_what, description) => {
    const text = JSON.stringify(description);
    expect(withStatus(text, 'fail')).toEqual([]);
    expect(withStatus(text, 'unknown')).toEqual(expect.arrayContaining(['cloud-endpoint-restricted', 'cloud-secrets-kms']));
  });

  it('does not take away what another section tells', () => {
    const text = eks({ resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] }, logging: 'yes' });
    expect(said(text).get('cloud-endpoint-restricted')).toBe('fail');
    expect(said(text).get('cloud-audit-logs-on')).toBe('unknown');
  });

  it('is what Azure leaves unset with null', () => {
    expect(said(aks({ apiServerAccessProfile: null })).get('cloud-endpoint-restricted')).toBe('fail');
  });
});
