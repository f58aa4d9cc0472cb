/** The document of `castellan etcd verify`. */

/** Where it stands: number of the page, bytes from the start of the file. */
export interface EtcdProblem {
  code: string;
  message: string;
  page?: number;
  offset?: number;
}

export interface EtcdResource {
  total: number;
  plain: number;
  encrypted: number;
  /** By provider and key as they are stored. */
  by: Record<string, number>;
}

export interface EtcdReport {
  intact: boolean;
  /** The first of them; `problemCount` counts all. */
  problems: readonly EtcdProblem[];
  problemCount: number;
  integrity: {
    /** Of a snapshot: the SHA-256 that stands at its end. */
    checksum: 'matches' | 'differs' | 'absent';
    /** What could be changed without that it shows; empty where there is a checksum. */
    unseen: readonly string[];
  };
  /** Null where it cannot be read. */
  revision: number | null;
  /** Keys that are not deleted. */
  keys: number;
  /** Of all pages up to the last one in use, as `etcdutl snapshot status` counts them. */
  bytes: number;
  /** Under which the API server keeps its objects; null where there are none. */
  prefix: string | null;
  resources: Record<string, EtcdResource>;
  /** Resources whose plain objects are listed. */
  protected: readonly string[];
  plain: readonly string[];
  /** Objects of these resources of which an older, plain record is still in the file. */
  pastPlain: readonly string[];
  keysInUse: readonly { by: string; version: string; keyId?: string; objects: number }[];
  /** Only with a configuration of encryption. */
  configuration?: readonly { code: string; resource: string; by?: string; objects: number; message: string }[];
  /** The newest time that an object has. */
  newest: { time: string; object: string; of: 'creation' | 'renewal' } | null;
  etcd: {
    storageVersion: string | null;
    clusterVersion: string | null;
    consistentIndex: number | null;
    term: number | null;
    compactedRevision: number;
    authEnabled: boolean;
    leases: number;
    records: number;
    deletions: number;
    members: readonly { id: string; name: string; peerURLs: readonly string[]; clientURLs: readonly string[]; isLearner: boolean }[];
  };
  file: { bytes: number; pageSize: number | null; pages: number; pagesInUse: number };
  /** Only where a real etcd was started from it. */
  restore?: { version: string; revision: number; keys: number; agrees: boolean };
}

export function etcdDocument(report: EtcdReport): string {
  return `${JSON.stringify({ schema: 'castellan/etcd/v1', ...report })}\n`;
}
