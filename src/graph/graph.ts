/**
 * An AND/OR graph in typed arrays. A vertex is something that an attacker may come to hold: an account, a grant, a
 * container, a node. An edge leads from everything that it needs at once to what it gives, so holding grows and never
 * shrinks, and whether something can be had is a matter of following edges until nothing new comes.
 *
 * Grants are vertices too, and so is whatever else somebody can take away: a fix is the removal of a vertex.
 */
import { type Grouped, Ints, grouped, itemsOf } from './ints.ts';

/** From what is certain to what depends on more than the objects say; see docs/paths.md. */
export const CLASSES = ['configuration', 'placement-now', 'placement-possible', 'exploit', 'unknown'] as const;
export type EdgeClass = (typeof CLASSES)[number];

/** A bit for each class. */
export type ClassMask = number;
export const ALL_CLASSES: ClassMask = (1 << CLASSES.length) - 1;

export function maskOf(...classes: readonly EdgeClass[]): ClassMask {
  return classes.reduce((mask, each) => mask | (1 << CLASSES.indexOf(each)), 0);
}

/** What counts: what the objects say, and where pods are now. */
export const COUNTED: ClassMask = maskOf('configuration', 'placement-now');

/** The family of edges that only tie vertices together: a binding and its rules, a namespace and what lies in it. */
export const LINK = 0;
/** Where no evidence is told. */
export const NO_EVIDENCE = -1;

/** What every edge carries. */
export interface EdgeTag {
  /** An index of the graph's families; LINK for what is no step of its own. */
  readonly family: number;
  /** An index of CLASSES. */
  readonly klass: number;
  /** An index of the graph's evidence; NO_EVIDENCE for none. */
  readonly evidence: number;
}

/** A field of an object that allows an edge. */
export interface EdgeEvidence {
  /** Id of the object in the cluster. */
  readonly object: number;
  readonly path: string;
}

export interface Graph {
  readonly names: readonly string[];
  readonly families: readonly string[];
  readonly heads: Int32Array;
  /** What each edge needs: `bodies.items[bodies.at[edge]]` and on. */
  readonly bodies: Grouped;
  readonly family: Uint16Array;
  readonly klass: Uint8Array;
  readonly evidence: Int32Array;
  /** Edges that need a vertex. */
  readonly out: Grouped;
  /** Edges that give a vertex. */
  readonly into: Grouped;
  /** What can be taken away, as people name it: `RoleBinding/shop/ci`, `rule 2 of ClusterRole/x`. */
  readonly parts: readonly string[];
  /** The parts by vertex: taking away any one of them takes the vertex. */
  readonly partsOf: Grouped;
  find(name: string): number | undefined;
  evidenceOf(edge: number): EdgeEvidence | undefined;
}

export class GraphBuilder {
  readonly #names: string[] = [];
  readonly #byName = new Map<string, number>();
  readonly #families = ['link'];
  readonly #familyIds = new Map<string, number>();
  readonly #heads = new Ints();
  readonly #bodyOwners = new Ints();
  /** Where the needs of each edge begin. */
  readonly #bodyStarts = new Ints();
  readonly #bodies = new Ints();
  readonly #family = new Ints();
  readonly #klass = new Ints();
  readonly #evidence = new Ints();
  readonly #evidenceObjects = new Ints();
  readonly #evidencePaths: string[] = [];
  readonly #parts: string[] = [];
  readonly #partIds = new Map<string, number>();
  /** Parts that are called as a vertex, by that. */
  readonly #ownParts = new Map<number, number>();
  readonly #partVertices = new Ints();
  readonly #partItems = new Ints();

  get vertexCount(): number {
    return this.#names.length;
  }

  /** The vertex of a name, made when first asked for. */
  vertex(name: string): number {
    let id = this.#byName.get(name);
    if (id === undefined) {
      this.#byName.set(name, (id = this.#names.length));
      this.#names.push(name);
    }
    return id;
  }

  /**
   * A vertex that whoever draws it knows by something better than its name, which is put together of others and has a blank
   * in it: it is looked up only where somebody asks for such a name.
   */
  unlisted(name: string): number {
    return this.#names.push(name) - 1;
  }

  find(name: string): number | undefined {
    return this.#byName.get(name);
  }

  nameOf(vertex: number): string {
    return this.#names[vertex] ?? '';
  }

  family(name: string): number {
    let id = this.#familyIds.get(name);
    if (id === undefined) {
      this.#familyIds.set(name, (id = this.#families.length));
      this.#families.push(name);
    }
    return id;
  }

  evidence(object: number, path: string): number {
    this.#evidencePaths.push(path);
    return this.#evidenceObjects.push(object);
  }

  /** Whoever holds everything in `needs` comes to hold `gives`. */
  edge(tag: EdgeTag, needs: number | readonly number[], gives: number): void {
    const edge = this.#heads.push(gives);
    this.#family.push(tag.family);
    this.#klass.push(tag.klass);
    this.#evidence.push(tag.evidence);
    this.#bodyStarts.push(this.#bodies.length);
    if (typeof needs === 'number') {
      this.#bodyOwners.push(edge);
      this.#bodies.push(needs);
      return;
    }
    for (let index = 0; index < needs.length; index += 1) {
      const need = needs[index] ?? 0;
      // They are few, so that a set for each edge would take longer.
      if (needs.indexOf(need) !== index) continue;
      this.#bodyOwners.push(edge);
      this.#bodies.push(need);
    }
  }

  /** Says that a vertex goes when a part is taken away. */
  part(vertex: number, name: string): void {
    this.partById(vertex, this.partId(name));
  }

  /**
   * The same where both are called alike, as most parts are: they are known by the vertex, and most names stand in no second
   * table.
   */
  ownPart(vertex: number): void {
    let id = this.#ownParts.get(vertex) ?? this.#partIds.get(this.nameOf(vertex));
    if (id === undefined) this.#ownParts.set(vertex, (id = this.#parts.push(this.nameOf(vertex)) - 1));
    this.partById(vertex, id);
  }

  partId(name: string): number {
    const vertex = this.#byName.get(name);
    let id = (vertex === undefined ? undefined : this.#ownParts.get(vertex)) ?? this.#partIds.get(name);
    if (id === undefined) {
      this.#partIds.set(name, (id = this.#parts.length));
      this.#parts.push(name);
    }
    return id;
  }

  partById(vertex: number, part: number): void {
    this.#partVertices.push(vertex);
    this.#partItems.push(part);
  }

  done(): Graph {
    const [heads, owners, needs] = [this.#heads.done(), this.#bodyOwners.done(), this.#bodies.done()];
    this.#bodyStarts.push(needs.length);
    const [objects, paths, byName] = [this.#evidenceObjects.done(), this.#evidencePaths, this.#byName];
    const evidence = this.#evidence.done();
    const parts = this.#partItems.done();
    const names = this.#names;
    let unlisted: Map<string, number> | undefined;
    const findUnlisted = (name: string): number | undefined => {
      unlisted ??= new Map(names.flatMap((each, vertex) => (each.includes(' ') && !byName.has(each) ? [[each, vertex] as const] : [])));
      return unlisted.get(name);
    };
    return {
      names: this.#names,
      families: this.#families,
      heads,
      bodies: { at: this.#bodyStarts.done(), items: needs },
      family: new Uint16Array(this.#family.done()),
      klass: new Uint8Array(this.#klass.done()),
      evidence,
      out: grouped(this.#names.length, needs, owners),
      into: grouped(this.#names.length, heads),
      parts: this.#parts,
      partsOf: grouped(this.#names.length, this.#partVertices.done(), parts),
      find: (name) => byName.get(name) ?? (name.includes(' ') ? findUnlisted(name) : undefined),
      evidenceOf(edge) {
        const at = evidence[edge] ?? NO_EVIDENCE;
        return at === NO_EVIDENCE ? undefined : { object: objects[at] ?? 0, path: paths[at] ?? '' };
      },
    };
  }
}

export function needsOf(graph: Graph, edge: number): Int32Array {
  return itemsOf(graph.bodies, edge);
}
