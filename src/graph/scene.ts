/**
 * What families of edges draw on: the cluster's tables, who may do what, where things run, and vertices that many
 * families share. Everything that costs something is made when first asked for.
 */
import { listOf, processesNamed } from '../engines/command-line/index.ts';
import type { Rbac, Role, Subject } from '../engines/rbac/index.ts';
import { type Level, type Pod, evaluatePodSecurity, policyMinor } from '../engines/pod-security/index.ts';
import { type Cluster, type Container, type Tables, type Workload, automountsToken } from '../model/index.ts';
import { groupBy, mapIn } from '../lib/groups.ts';
import type { GraphContext } from './context.ts';
import { Drawing } from './drawing.ts';
import { Network, isControlPlane } from './network.ts';
import { fitsControlPlane } from './node-fit.ts';
import { type By, PodAdmission } from './pod-admission.ts';
import { Placement, type Spots, isOver } from './placement.ts';
import type { Right } from './right.ts';
import { type Held, Rights } from './rights.ts';
import { SYSTEM_NAMESPACE, type SystemParts, missingParts, missingRoles, rbacWith } from './system-parts.ts';

/** A container of a workload, which is one vertex however many replicas run. */
export interface Unit {
  readonly vertex: number;
  /** As it runs: of the template, or of pods that run otherwise. */
  readonly container: Container;
  /** The workload under whose name it is told. */
  readonly root: Workload;
}

/** What a container can get hold of on the node that it runs on. */
export type OnNode = 'Node' | 'NodeFiles' | 'PodTokens' | 'NodeIdentity' | 'Network' | 'HostProcess' | 'ControlPlaneFiles';

/** The name of the node of the control plane that the input leaves out. */
export const CONTROL_PLANE = 'of the control plane';

export class Scene extends Drawing {
  readonly cluster: Cluster;
  readonly tables: Tables;
  readonly context: GraphContext;
  /** What the input leaves out though every cluster has it. */
  readonly system: SystemParts;
  readonly rbac: Rbac;
  readonly rights: Rights;
  readonly placement: Placement;
  readonly minor: number;
  /** Milliseconds at which credentials must be good. */
  readonly now: number;
  readonly units: readonly Unit[];
  readonly network: Network;
  readonly #accounts = new Map<string, Set<string>>();
  #podSecurityOff: boolean | undefined;
  #podAdmission: PodAdmission | undefined;
  readonly #unitsOf = new Map<string, Unit[]>();
  /** By the name of the container, and then by the workload: many workloads have one, and few names are so many. */
  readonly #unitVertices = new Map<string, Map<Workload, number>>();
  /** Vertices that have what they stand for. */
  readonly #hubs = new Set<number>();
  readonly #hubsOf = new Map<OnNode, Map<Workload | string, number>>();
  readonly #names = new Map<Workload, string>();
  #roles: ReadonlyMap<string, Role[]> | undefined;
  #strangers: readonly Subject[] | undefined;
  #strangersIn: ReadonlyMap<string, Subject[]> | undefined;
  #mayHaveControlPlane: boolean | undefined;

  constructor(cluster: Cluster, context: GraphContext, rights: readonly Right[]) {
    const { tables } = cluster;
    const system = systemOf(tables, context);
    const namespaces = new Set(tables.namespaces.all.map(({ name }) => name));
    if (system.accounts.length > 0) namespaces.add(SYSTEM_NAMESPACE);
    super([...namespaces]);
    this.cluster = cluster;
    this.tables = tables;
    this.context = context;
    this.minor = context.minor ?? tables.kubernetes.minor;
    const taken = Date.parse(cluster.takenAt ?? '');
    this.now = context.now ?? (Number.isNaN(taken) ? Date.now() : taken);
    this.system = system;
    this.rbac = rbacWith(tables, system);
    this.rights = new Rights(this, this.rbac, rights);
    this.placement = new Placement(cluster, { assumeNodes: context.assumeSystem === true && !tables.completeness.complete });
    this.units = this.#readUnits();
    this.network = new Network(cluster, this.placement, context);
    this.#readAccounts();
  }

  /** The vertices of a right that somebody can come to have. */
  held(right: Right): readonly Held[] {
    return this.rights.held(right);
  }

  /** Names of the service accounts that a namespace has: its objects, `default`, and those that pods run as. */
  accountsIn(namespace: string): ReadonlySet<string> {
    return this.#accounts.get(namespace) ?? new Set(['default']);
  }

  unitsIn(namespace: string): readonly Unit[] {
    return this.#unitsOf.get(namespace) ?? [];
  }

  /** `shop/cart` of a workload, with its kind where another one of its namespace has the name too. */
  nameOf(workload: Workload): string {
    const root = this.placement.rootOf(workload);
    return this.#names.get(root) ?? `${root.namespace}/${root.name}`;
  }

  unitVertex(workload: Workload, container: string): number {
    const known = mapIn(this.#unitVertices, container);
    let vertex = known.get(workload);
    if (vertex === undefined) known.set(workload, (vertex = this.builder.vertex(`Container/${this.nameOf(workload)}/${container}`)));
    return vertex;
  }

  /** Every service account of a namespace. */
  allAccounts(namespace: string): number {
    return this.#hub(`ServiceAccount/${namespace}/*`, (hub) => {
      for (const name of this.accountsIn(namespace)) this.link(hub, this.account(namespace, name));
    });
  }

  /** The service accounts of a namespace as which admission lets pods run. */
  accountsForPods(namespace: string, by: By): number {
    const refused = [...this.accountsIn(namespace)].filter((name) => this.podAdmission.refusesAccount(namespace, name, by));
    if (refused.length === 0) return this.allAccounts(namespace);
    return this.#hub(`ServiceAccount/${namespace}/* for pods of ${by}`, (hub) => {
      for (const name of this.accountsIn(namespace)) if (!refused.includes(name)) this.link(hub, this.account(namespace, name));
    });
  }

  /** Every Secret of a namespace. */
  allSecrets(namespace: string): number {
    return this.#hub(`Secret/${namespace}/*`, (hub) => {
      for (const { name } of this.tables.Secret.in(namespace)) this.link(hub, this.secret(namespace, name));
      for (const name of this.#secretsNamedIn(namespace)) this.link(hub, this.secret(namespace, name));
    });
  }

  /** Every container of the pods of a namespace. */
  allContainers(namespace: string): number {
    return this.#hub(`Container/${namespace}/*`, (hub) => {
      for (const { vertex } of this.unitsIn(namespace)) this.link(hub, vertex);
    });
  }

  /** Every node that there is; where none is known, some node all the same. */
  allNodes(): number {
    return this.#hub('every node', (hub) => {
      for (const name of [...this.placement.nodes, ...this.placement.elsewhere]) this.link(hub, this.node(name));
      this.link(hub, this.builder.vertex('Node/*'));
      if (this.mayHaveControlPlane) this.link(hub, this.node(CONTROL_PLANE), { klass: 'unknown' });
    });
  }

  allNodeFiles(): number {
    return this.#hub('files of every node', (hub) => {
      for (const name of [...this.placement.nodes, ...this.placement.elsewhere]) this.link(hub, this.onNode(name, 'NodeFiles'));
      this.link(hub, this.builder.vertex('NodeFiles/*'));
    });
  }

  node(name: string): number {
    return this.onNode(name, 'Node');
  }

  onNode(name: string, what: OnNode): number {
    return this.#hubOf(what, { of: name, name: () => `${what}/${name}` }, (vertex) => {
      if (what === 'Node' || what === 'NodeFiles') this.link(vertex, this.builder.vertex(`${what}/*`));
      if (what === 'Node') this.link(vertex, this.onNode(name, 'NodeFiles'));
    });
  }

  /** What a container gets of the nodes that it runs on, by way of one vertex for the workload. */
  where({ root }: Pick<Unit, 'root'>, what: OnNode): number {
    return this.#hubOf(what, { of: root, name: () => `${what} under ${this.nameOf(root)}` }, (hub) => {
      const { nodes, certain } = this.placement.nodesOf(root);
      const spots = this.placement.spotsOf(root);
      if (certain) for (const name of nodes) this.link(hub, this.onNode(name, what), { klass: 'placement-now' });
      if (spots !== undefined) this.link(hub, this.#onSomeOf(spots, what), { klass: 'placement-possible' });
      if (this.mayHaveControlPlane && fitsControlPlane(root)) this.link(hub, this.onNode(CONTROL_PLANE, what), { klass: 'unknown' });
      // It runs on some node, known or not.
      if (!certain && (what === 'Node' || what === 'NodeFiles')) this.link(hub, this.builder.vertex(`${what}/*`));
      if (!certain && what === 'Node') this.link(hub, this.where({ root }, 'NodeFiles'));
    });
  }

  #onSomeOf({ id, nodes }: Spots, what: OnNode): number {
    return this.#hub(`${what} of some node of group ${id}`, (hub) => {
      for (const name of nodes) this.link(hub, this.onNode(name, what));
    });
  }

  /** Whether there may be a node of the control plane that the input leaves out; managed ones run no pods of others. */
  get mayHaveControlPlane(): boolean {
    return (this.#mayHaveControlPlane ??=
      this.context.assumeSystem === true &&
      !this.tables.completeness.complete &&
      !this.tables.Node.all.some(({ labels }) => isControlPlane(labels)));
  }

  /** Whether the pods of a container get a token of their account that opens the API. */
  mountsToken({ container: { workload } }: Pick<Unit, 'container'>): boolean {
    return automountsToken(workload.pod, this.tables.ServiceAccount.get(workload.namespace, workload.serviceAccount));
  }

  /** What Pod Security admission enforces in a namespace. */
  enforced(namespace: string): { level: Level; version: string } {
    if (this.#hasNoPodSecurity()) return { level: 'privileged', version: `1.${this.minor}` };
    const labels = this.tables.namespaces.get(namespace)?.labels ?? {};
    const level = labels['pod-security.kubernetes.io/enforce'];
    const written = labels['pod-security.kubernetes.io/enforce-version'] ?? 'latest';
    const version = policyMinor(written) === undefined || written === 'latest' ? `1.${this.minor}` : written;
    if (level === undefined) return { level: this.context.podSecurityDefault ?? 'privileged', version };
    // A level that admission cannot read is taken as the strictest.
    return { level: level === 'privileged' || level === 'baseline' ? level : 'restricted', version };
  }

  /** An API server runs without the admission plug-in: labels of namespaces do nothing for who is answered by it. */
  #hasNoPodSecurity(): boolean {
    return (this.#podSecurityOff ??= this.#runsWithout('PodSecurity'));
  }

  #runsWithout(plugin: string): boolean {
    return processesNamed(this.tables.workloads, 'kube-apiserver').some(
      ({ line }) => listOf(line, '--disable-admission-plugins')?.items.includes(plugin) === true,
    );
  }

  /** Whether Pod Security lets a pod into a namespace. */
  admits(namespace: string, pod: Pod): boolean {
    const { level, version } = this.enforced(namespace);
    return level === 'privileged' || evaluatePodSecurity(pod, level, version).allowed;
  }

  /** What policies and webhooks say of pods that Pod Security lets in. */
  get podAdmission(): PodAdmission {
    return (this.#podAdmission ??= new PodAdmission(this.tables, {
      minor: this.minor,
      off: this.#runsWithout('ValidatingAdmissionPolicy'),
    }));
  }

  /** Roles of a namespace; cluster roles for ''. */
  rolesIn(namespace: string): readonly Role[] {
    this.#roles ??= groupBy(this.rbac.roles, ({ object }) => object.namespace);
    return this.#roles.get(namespace) ?? [];
  }

  /** Service accounts of a namespace that bindings name and that it has not. */
  strangersIn(namespace: string): readonly Subject[] {
    this.#strangersIn ??= groupBy(
      this.strangers.filter(({ kind }) => kind === 'ServiceAccount'),
      (subject) => subject.namespace,
    );
    return this.#strangersIn.get(namespace) ?? [];
  }

  /** Whom bindings name beside the accounts of the namespaces: users, groups, and accounts that are not there. */
  get strangers(): readonly Subject[] {
    if (this.#strangers === undefined) {
      const namespaces = new Set(this.namespaces);
      this.#strangers = this.rbac.subjects.filter(
        ({ kind, namespace, name }) => kind !== 'ServiceAccount' || !namespaces.has(namespace) || !this.accountsIn(namespace).has(name),
      );
    }
    return this.#strangers;
  }

  /** A vertex made once, with what it stands for. */
  hub(name: string, fill: (vertex: number) => void): number {
    return this.#hub(name, fill);
  }

  /** The same of what is asked for again and again: its name, which takes long to put together, is asked for once. */
  #hubOf(what: OnNode, { of, name }: { of: Workload | string; name: () => string }, fill: (vertex: number) => void): number {
    const known = mapIn(this.#hubsOf, what).get(of);
    return (
      known ??
      this.#hub(name(), (vertex) => {
        mapIn(this.#hubsOf, what).set(of, vertex);
        fill(vertex);
      })
    );
  }

  #hub(name: string, fill: (vertex: number) => void): number {
    const vertex = this.builder.vertex(name);
    if (this.#hubs.has(vertex)) return vertex;
    this.#hubs.add(vertex);
    fill(vertex);
    return vertex;
  }

  #readUnits(): Unit[] {
    const taken = new Map<string, Workload>();
    for (const workload of this.cluster.workloads) {
      const root = this.placement.rootOf(workload);
      if (this.#names.has(root)) continue;
      const name = `${root.namespace}/${root.name}`;
      const own = taken.has(name) ? `${name}[${root.kind}]` : name;
      taken.set(name, root);
      this.#names.set(root, own);
    }
    const units: Unit[] = [];
    const parts = new Set<number>();
    for (const workload of this.cluster.workloads) {
      const root = this.placement.rootOf(workload);
      if (!this.#canRun(workload, root)) continue;
      for (const container of workload.containers) {
        const unit: Unit = { vertex: this.unitVertex(root, container.name), container, root };
        units.push(unit);
        const list = this.#unitsOf.get(root.namespace);
        if (list === undefined) this.#unitsOf.set(root.namespace, [unit]);
        else list.push(unit);
        if (!parts.has(unit.vertex)) this.builder.part(unit.vertex, this.refOf(root.object));
        parts.add(unit.vertex);
      }
    }
    return units;
  }

  /** False for a template of which no pod runs and of which admission would let none run. */
  #canRun(workload: Workload, root: Workload): boolean {
    // What ended is no process.
    if (isOver(workload.object)) return false;
    if (workload.kind === 'Pod') return true;
    if (this.placement.isRunning(root)) return true;
    return this.admits(workload.namespace, { metadata: workload.podMetadata, spec: workload.pod });
  }

  #readAccounts(): void {
    const add = (namespace: string, name: string): void => {
      let names = this.#accounts.get(namespace);
      if (names === undefined) this.#accounts.set(namespace, (names = new Set(['default'])));
      names.add(name);
    };
    for (const { namespace, name } of this.tables.ServiceAccount.all) {
      add(namespace, name);
      this.builder.ownPart(this.account(namespace, name));
    }
    for (const { namespace, serviceAccount } of this.cluster.workloads) add(namespace, serviceAccount);
    for (const name of this.system.accounts) add(SYSTEM_NAMESPACE, name);
    for (const { namespace, name } of this.tables.Secret.all) this.builder.ownPart(this.secret(namespace, name));
  }

  readonly #named = new Map<string, Set<string>>();

  /** Secrets that pods name though they are not in the input, as manifests seldom hold them. */
  #secretsNamedIn(namespace: string): ReadonlySet<string> {
    let names = this.#named.get(namespace);
    if (names === undefined) {
      names = new Set(this.unitsIn(namespace).flatMap(({ container: { workload } }) => secretsOf(workload)));
      for (const { name } of this.tables.Secret.in(namespace)) names.delete(name);
      this.#named.set(namespace, names);
    }
    return names;
  }
}

/** Names of all Secrets that a pod refers to, which is what its kubelet may read. */
export function secretsOf({ pod, containers }: Workload): string[] {
  const names = new Set<string>();
  const add = (name: string | undefined): void => {
    if (name !== undefined && name !== '') names.add(name);
  };
  for (const volume of pod.volumes ?? []) {
    add(volume.secret?.secretName);
    for (const source of volume.projected?.sources ?? []) add(source.secret?.name);
    const csi = volume.csi as { nodePublishSecretRef?: { name?: unknown } } | undefined;
    if (typeof csi?.nodePublishSecretRef?.name === 'string') add(csi.nodePublishSecretRef.name);
  }
  for (const { name } of pod.imagePullSecrets ?? []) add(name);
  for (const { spec } of containers) {
    for (const { valueFrom } of spec.env ?? []) add(valueFrom?.secretKeyRef?.name);
    for (const { secretRef } of spec.envFrom ?? []) add(secretRef?.name);
  }
  return [...names];
}

function systemOf(tables: Tables, { minor, assumeSystem = false }: GraphContext): SystemParts {
  return assumeSystem ? missingParts(tables, minor ?? tables.kubernetes.minor) : missingRoles(tables);
}

/** The roles and bindings of the cluster, with those that every cluster has where the input leaves them out. */
export function rbacWithBuiltIns(tables: Tables, context: GraphContext = {}): Rbac {
  return rbacWith(tables, systemOf(tables, context));
}
