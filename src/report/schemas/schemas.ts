/** The published JSON Schemas of the documents that Castellan writes. Fields may be added, never changed. */
import { APPLIED_SCHEMAS } from './applied.ts';
import { AUTHN_SCHEMAS } from './authn.ts';
import { DIFF_SCHEMAS } from './diff.ts';
import { ETCD_SCHEMAS } from './etcd.ts';
import { EVAL_SCHEMAS } from './eval.ts';
import { FIXES_SCHEMAS } from './fixes.ts';
import { NET_SCHEMAS } from './net-answers.ts';
import { NETWORK_SCHEMAS } from './network.ts';
import { NODE_SCHEMAS } from './node.ts';
import { PATHS_SCHEMAS } from './paths.ts';
import { probeSchemas } from './probe.ts';
import { RBAC_SCHEMAS } from './rbac.ts';
import { RECORD_SCHEMAS } from './record.ts';
import { SCAN_SCHEMAS, finding, ruleEntry } from './scan.ts';
import { VERSIONS_SCHEMAS } from './versions.ts';

export const SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...SCAN_SCHEMAS,
  benchmarks: NODE_SCHEMAS.benchmarks,
  'node-facts': NODE_SCHEMAS.nodeFacts,
  ...RECORD_SCHEMAS,
  ...EVAL_SCHEMAS,
  ...PATHS_SCHEMAS,
  ...NET_SCHEMAS,
  ...NETWORK_SCHEMAS,
  ...FIXES_SCHEMAS,
  ...ETCD_SCHEMAS,
  ...DIFF_SCHEMAS,
  ...APPLIED_SCHEMAS,
  ...probeSchemas(finding, ruleEntry),
  ...AUTHN_SCHEMAS,
  ...VERSIONS_SCHEMAS,
  ...RBAC_SCHEMAS,
};
