/** Fields that controls look at, with values on both sides of what they allow. */
import { SAFE_SYSCTLS } from '../../../src/engines/pod-security/index.ts';
import type { Fields } from '../filled-in/served.ts';

export interface Container extends Fields {
  name: string;
  image: string;
  securityContext?: Fields;
}

export interface Pod extends Fields {
  metadata: { name: string; annotations?: Record<string, string> };
  spec: Fields & { containers: Container[]; initContainers?: Container[]; volumes?: Fields[]; securityContext?: Fields };
}

export interface Twist {
  /** The names on the way to it, with blanks between; `+` at the end adds to a list. */
  field: string;
  values: readonly unknown[];
}

export function hardened(): Fields {
  return { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
}

const CAPABILITIES = [
  'CHOWN',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SYS_ADMIN',
  'SYS_CHROOT',
  'MKNOD',
  'ALL',
  'CAP_CHOWN',
  'chown',
  'CAP_SYS_ADMIN',
];
const PROFILES = [{ type: 'RuntimeDefault' }, { type: 'Unconfined' }, { type: 'Localhost', localhostProfile: 'a/b' }];
const SELINUX = [
  ...['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', 'spc_t', 'container_T'].map((type) => ({ type })),
  { user: 'sysadm_u' },
  { role: 'sysadm_r' },
  { level: 's0:c1' },
  { user: '', role: '' },
  {},
];
const SYSCTLS = [...SAFE_SYSCTLS.keys(), 'kernel/shm_rmid_forced', 'net/ipv4/tcp_fin_timeout', 'kernel.msgmax', 'net.core.somaxconn'];
const HOSTS = [undefined, '', '127.0.0.1', 'example.test'];
const HANDLERS = HOSTS.flatMap((host) => [{ httpGet: { port: 80, path: '/', host } }, { tcpSocket: { port: 80, host } }]);
const BOTH = [true, false];
const WINDOWS = [{ hostProcess: true }, { hostProcess: false }, { runAsUserName: 'a' }];

const VOLUMES: Fields = {
  awsElasticBlockStore: { volumeID: 'a' },
  azureDisk: { diskName: 'a', diskURI: 'https://blob/a.vhd' },
  azureFile: { secretName: 'a', shareName: 'a' },
  cephfs: { monitors: ['a'] },
  cinder: { volumeID: 'a' },
  configMap: { name: 'a' },
  csi: { driver: 'a.example.test' },
  downwardAPI: { items: [] },
  emptyDir: {},
  ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } },
  fc: { targetWWNs: ['a'], lun: 1 },
  flexVolume: { driver: 'a/b' },
  flocker: { datasetName: 'a' },
  gcePersistentDisk: { pdName: 'a' },
  glusterfs: { endpoints: 'a', path: 'a' },
  hostPath: { path: '/a' },
  image: { reference: 'example.test/a:1' },
  iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.test.example:a', lun: 1 },
  nfs: { server: 'a', path: '/a' },
  persistentVolumeClaim: { claimName: 'a' },
  photonPersistentDisk: { pdID: 'a' },
  portworxVolume: { volumeID: 'a' },
  projected: { sources: [] },
  quobyte: { registry: 'a:1', volume: 'a' },
  rbd: { monitors: ['a'], image: 'a' },
  scaleIO: { gateway: 'https://a', system: 'a', secretRef: { name: 'a' }, volumeName: 'a' },
  secret: { secretName: 'a' },
  storageos: { volumeName: 'a' },
  vsphereVolume: { volumePath: 'a' },
};

const ANYWHERE: readonly Twist[] = [
  { field: 'spec hostNetwork', values: BOTH },
  { field: 'spec securityContext runAsNonRoot', values: BOTH },
  // One with only a name is an emptyDir.
  { field: 'spec volumes +', values: [...Object.entries(VOLUMES).map(([source, value]) => ({ [source]: value })), {}] },
  { field: 'metadata annotations seccomp.security.alpha.kubernetes.io/other', values: ['unconfined'] },
];

export const POD_TWISTS: readonly Twist[] = [
  ...ANYWHERE,
  { field: 'spec hostPID', values: BOTH },
  { field: 'spec hostIPC', values: BOTH },
  { field: 'spec hostUsers', values: BOTH },
  { field: 'spec securityContext runAsUser', values: [0, 1, 1000] },
  { field: 'spec securityContext seccompProfile', values: PROFILES },
  { field: 'spec securityContext appArmorProfile', values: PROFILES },
  { field: 'spec securityContext seLinuxOptions', values: SELINUX },
  { field: 'spec securityContext sysctls +', values: SYSCTLS.map((name) => ({ name, value: '1' })) },
  { field: 'spec securityContext windowsOptions', values: WINDOWS },
  {
    field: 'metadata annotations container.apparmor.security.beta.kubernetes.io/c0',
    values: ['unconfined', 'runtime/default', 'localhost/a', ''],
  },
  { field: 'metadata annotations seccomp.security.alpha.kubernetes.io/pod', values: ['unconfined', 'runtime/default', 'localhost/a'] },
  {
    field: 'metadata annotations container.seccomp.security.alpha.kubernetes.io/c0',
    values: ['unconfined', 'docker/default', 'localhost/a'],
  },
];

const PORTS = [0, 1, 65535, undefined].map((hostPort) => ({ containerPort: 8080, hostPort }));
const REACHED: readonly Twist[] = [
  { field: 'ports', values: PORTS.map((port) => [port]) },
  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle postStart', 'lifecycle preStop'].map((field) => ({
    field,
    values: HANDLERS,
  })),
  { field: 'securityContext runAsNonRoot', values: BOTH },
];

export const CONTAINER_TWISTS: readonly Twist[] = [
  ...REACHED,
  { field: 'securityContext capabilities add +', values: CAPABILITIES },
  { field: 'securityContext capabilities drop', values: [['ALL'], ['all'], ['NET_RAW'], ['CHOWN', 'ALL'], [], ['CAP_ALL']] },
  { field: 'securityContext privileged', values: BOTH },
  { field: 'securityContext allowPrivilegeEscalation', values: BOTH },
  { field: 'securityContext procMount', values: ['Default', 'Unmasked'] },
  { field: 'securityContext runAsUser', values: [0, 1, 1000] },
  { field: 'securityContext seccompProfile', values: PROFILES },
  { field: 'securityContext appArmorProfile', values: PROFILES },
  { field: 'securityContext seLinuxOptions', values: SELINUX },
  { field: 'securityContext windowsOptions', values: WINDOWS },
];

/** Of a pod for Windows the server takes only some of them, and processes of the node only in the node's network. */
export const WINDOWS_TWISTS: readonly [readonly Twist[], readonly Twist[]] = [
  [...ANYWHERE, { field: 'spec securityContext windowsOptions', values: WINDOWS }],
  [...REACHED, { field: 'securityContext windowsOptions', values: WINDOWS }],
];
