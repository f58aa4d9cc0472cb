/** Requests and audit policies against upstream's own tables, and against what real policies record. */
import { describe, expect, it } from 'vitest';
import { evalRequestInfo } from '../../src/cli/eval-request-info.ts';
import { type AuditPolicy, LEVELS, auditLevel, parsePolicy } from '../../src/engines/audit-policy/index.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { isHere, readJson, readLines, readText } from './corpora.ts';

const FOLDER = 'corpora/runtime/audit-policy/';
const REQUESTS = 'corpora/rbac/evaluator-upstream/';
const DETECTIONS = 'facts/audit-detections.json';

interface Case {
  id: string;
  policy?: unknown;
  policyFile?: string;
  expectLevel: string;
  request: { user: string; groups: string[]; verb: string; path: string; namespace?: string; apiGroup?: string } & Record<
    'resource' | 'subresource' | 'name',
    string | undefined
  >;
}

const files = new Map<string, AuditPolicy>();

function policyOf({ policy, policyFile = '' }: Pick<Case, 'policy' | 'policyFile'>): AuditPolicy {
  const known = files.get(policyFile);
  if (policy === undefined && known !== undefined) return known;
  const read = policy ?? parsedFile(`${FOLDER}${policyFile}.yaml`);
  const { policy: parsed, problems } = parsePolicy(read);
  if (parsed === undefined || problems.length > 0) throw new Error(`${policyFile} ${JSON.stringify(problems)}`);
  if (policy === undefined) files.set(policyFile, parsed);
  return parsed;
}

function parsedFile(path: string): unknown {
  const parsed = parseYaml(readText(path), true);
  if (!('value' in parsed)) throw new Error(path);
  return parsed.value;
}

describe.skipIf(!isHere(`${FOLDER}cases.jsonl`))('audit policies (needs ../shared/corpora)', () => {
  it('give every request the level that is expected', () => {
    const cases = readLines<Case>(`${FOLDER}cases.jsonl`);
    const wrong = cases.filter((one) => levelFor(one) !== one.expectLevel).map(({ id }) => id);
    expect(cases.length).toBeGreaterThan(400);
    expect(wrong).toEqual([]);
  });
});

function levelFor({ request, ...one }: Case): string {
  const { user: name, groups, verb, path } = request;
  const { resource = '', subresource = '', namespace = '', apiGroup = '', name: object = '' } = request;
  const about = { isResourceRequest: resource !== '', verb, path, apiGroup, resource, subresource, namespace, name: object };
  return auditLevel(policyOf(one), { ...about, user: { name, groups } }).level;
}

interface Detection {
  id: string;
  minAuditLevel: string;
  match: {
    verb?: string[];
    'objectRef.apiGroup'?: string | string[];
    'objectRef.resource'?: string[];
    'objectRef.subresource'?: string | string[];
  };
}
interface Coverage {
  detection: string;
  state: string;
}

/** Where the facts do not name it. */
const GROUPS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['deployments', 'daemonsets', 'statefulsets'].map((name) => [name, 'apps'])),
  jobs: 'batch',
  cronjobs: 'batch',
  ...Object.fromEntries(
    ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((name) => [name, 'rbac.authorization.k8s.io']),
  ),
  certificatesigningrequests: 'certificates.k8s.io',
};
const CLUSTER_WIDE = new Set([
  'nodes',
  'namespaces',
  'persistentvolumes',
  'clusterroles',
  'clusterrolebindings',
  'certificatesigningrequests',
]);

/** Whether a policy records enough for a detection, of all its requests, some or none. */
function stateOf(policy: AuditPolicy, { match, minAuditLevel }: Detection): string {
  const need = LEVELS.findIndex((level) => level === minAuditLevel.split(' ')[0]);
  const levels = (match.verb ?? []).flatMap((verb) =>
    (match['objectRef.resource'] ?? []).flatMap((resource) =>
      [match['objectRef.subresource'] ?? ''].flat().map((subresource) => {
        const apiGroup = [match['objectRef.apiGroup'] ?? []].flat()[0] ?? GROUPS[resource] ?? '';
        const place = { namespace: CLUSTER_WIDE.has(resource) ? '' : 'shop', name: verb === 'create' ? '' : 'x', path: '' };
        const user = { name: 'alice@example.com', groups: ['devs', 'system:authenticated'] };
        return LEVELS.indexOf(auditLevel(policy, { isResourceRequest: true, verb, apiGroup, resource, subresource, ...place, user }).level);
      }),
    ),
  );
  const enough = levels.filter((level) => level >= need).length;
  return enough === levels.length ? 'full' : enough === 0 ? 'blind' : 'partial';
}

describe.skipIf(!isHere(`${FOLDER}detection-coverage.json`))('real policies (needs ../shared/corpora)', () => {
  it('blind exactly the detections that they are said to blind', () => {
    const { detections } = readJson(DETECTIONS) as { detections: Detection[] };
    const coverage = readJson(`${FOLDER}detection-coverage.json`) as Record<string, Coverage[]>;
    const about = new Map(
      detections.filter(({ match }) => match.verb !== undefined && match['objectRef.resource'] !== undefined).map((one) => [one.id, one]),
    );
    const wrong: string[] = [];
    let judged = 0;
    for (const [policyFile, expected] of Object.entries(coverage)) {
      const policy = policyOf({ policyFile });
      for (const { detection, state } of expected) {
        const one = about.get(detection);
        if (one === undefined) continue;
        judged += 1;
        const ours = stateOf(policy, one);
        if (ours !== state) wrong.push(`${policyFile} ${detection}: ${ours}, expected ${state}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(judged).toBeGreaterThan(200);
  });
});

describe.skipIf(!isHere(REQUESTS))('requests (needs ../shared/corpora)', () => {
  it.each(['request-info.json', 'request-info-selectors.json', 'request-info-kind.json'])('are taken apart as in %s', (file) => {
    const read = readJson(`${REQUESTS}${file}`);
    const tables = (Array.isArray(read) ? read : [read]) as {
      cases: { method: string; url: string; expect?: object; isResourceRequest?: boolean }[];
    }[];
    for (const { method, url, expect: wanted, isResourceRequest } of tables.flatMap(({ cases }) => cases)) {
      expect(evalRequestInfo({ method, url }), `${method} ${url}`).toMatchObject(wanted ?? { isResourceRequest });
    }
  });
});
