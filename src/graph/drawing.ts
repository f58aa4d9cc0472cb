/** The pen: names of vertices, and steps with their class and evidence. */
import type { Subject } from '../engines/rbac/index.ts';
import { mapIn } from '../lib/groups.ts';
import { type ApiObject, refOf } from '../model/index.ts';
import { CLASSES, type EdgeClass, GraphBuilder, LINK, NO_EVIDENCE } from './graph.ts';

/** The field that allows a step. Objects that stand in no input, as roles that every cluster has, are no evidence. */
export interface Where {
  readonly object: Pick<ApiObject, 'id'>;
  readonly path: string;
}

const CONFIGURATION = 0;

export class Drawing {
  readonly builder = new GraphBuilder();
  readonly namespaces: readonly string[];
  /** They are asked for again and again, and their names take long to put together. */
  readonly #subjects = new Map<Subject, number>();
  readonly #accounts = new Map<string, Map<string, number>>();
  readonly #everything = new Map<string, number>();

  constructor(namespaces: readonly string[]) {
    this.namespaces = namespaces;
  }

  /** Whoever holds all of `needs` holds `gives` too, which is no step of its own. */
  link(
    needs: number | readonly number[],
    gives: number,
    { where, klass = 'configuration' }: { where?: Where | undefined; klass?: EdgeClass } = {},
  ): void {
    this.builder.edge({ family: LINK, klass: CLASSES.indexOf(klass), evidence: this.#evidence(where) }, needs, gives);
  }

  /** A step by its id, with the field that allows it where one does. */
  step(how: string | { edge: string; where: Where | undefined }, needs: number | readonly number[], gives: number): void {
    const { edge, where } = typeof how === 'string' ? { edge: how, where: undefined } : how;
    this.builder.edge({ family: this.builder.family(edge), klass: CONFIGURATION, evidence: this.#evidence(where) }, needs, gives);
  }

  /** A step that depends on more than what the objects say. */
  maybe(edge: string, klass: EdgeClass, ends: { needs: number | readonly number[]; gives: number; where?: Where | undefined }): void {
    const tag = { family: this.builder.family(edge), klass: CLASSES.indexOf(klass), evidence: this.#evidence(ends.where) };
    this.builder.edge(tag, ends.needs, ends.gives);
  }

  subject(subject: Subject): number {
    let vertex = this.#subjects.get(subject);
    if (vertex !== undefined) return vertex;
    const { kind, namespace, name } = subject;
    vertex = kind === 'ServiceAccount' ? this.account(namespace, name) : this.builder.vertex(`${kind}/${name}`);
    this.#subjects.set(subject, vertex);
    return vertex;
  }

  account(namespace: string, name: string): number {
    const known = mapIn(this.#accounts, namespace);
    let vertex = known.get(name);
    if (vertex === undefined) known.set(name, (vertex = this.builder.vertex(`ServiceAccount/${namespace}/${name}`)));
    return vertex;
  }

  /** Everything in a namespace, or of the whole cluster where that is ''. */
  everything(namespace: string): number {
    let vertex = this.#everything.get(namespace);
    if (vertex === undefined) {
      vertex = this.builder.vertex(namespace === '' ? 'ClusterAdmin' : `NamespaceAdmin/${namespace}`);
      this.#everything.set(namespace, vertex);
    }
    return vertex;
  }

  secret(namespace: string, name: string): number {
    return this.builder.vertex(`Secret/${namespace}/${name}`);
  }

  group(name: string): number {
    return this.builder.vertex(`Group/${name}`);
  }

  user(name: string): number {
    return this.builder.vertex(`User/${name}`);
  }

  refOf(object: Pick<ApiObject, 'kind' | 'namespace' | 'name'>): string {
    return refOf(object);
  }

  #evidence(where: Where | undefined): number {
    return where === undefined || where.object.id < 0 ? NO_EVIDENCE : this.builder.evidence(where.object.id, where.path);
  }
}
