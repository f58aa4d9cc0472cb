/** The level that a real API server writes into its log is the one that the engine says, for random policies and requests. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type AuditPolicy, type AuditRequest, type Decision, auditLevel, parsePolicy } from '../../src/engines/audit-policy/index.ts';
import { requestInfo } from '../../src/engines/request-info/index.ts';
import { DEEP } from '../runs.ts';
import { type Credentials, askApi } from './api.ts';
import { type SendableRequest, randomPolicy, randomRequest } from './audit-policies.ts';
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import { random } from './random.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';

/** Each policy needs a start of the API server. */
const POLICIES = DEEP ? 50 : 4;
const REQUESTS = DEEP ? 200 : 250;
const AT_ONCE = 8;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

interface Event {
  auditID: string;
  level: string;
  stage: string;
}

for (const [index, release] of RELEASES.entries()) {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-policy-'));
  const file = join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'None' }] }));
  const options = { release, auditPolicy: file, skip: ['kube-controller-manager', 'kube-scheduler'] as const };

  describeCluster(`audit policies of ${release}`, options, (cluster) => {
    afterAll(() => {
      agent.destroy();
      rmSync(folder, { recursive: true });
    });

    it.each(Array.from({ length: POLICIES }, (_, at) => 1000 * index + at))('as the log says, seed %i', async (seed) => {
      const source = random(seed);
      const { written, policy } = acceptedPolicy(source, Number(release.split('.')[1]));
      writeFileSync(file, JSON.stringify(written));
      await restarted(cluster());
      const before = statSync(cluster().auditLog, { throwIfNoEntry: false })?.size ?? 0;
      const asked = Array.from({ length: REQUESTS }, () => ({ id: randomUUID(), ...bounded(randomRequest(source)) }));
      await sendAll(cluster(), asked);
      const logged = eventsOf(cluster(), before);
      let compared = 0;
      for (const { id, method, url, user } of asked) {
        const info = requestInfo(method, url);
        // What the server refuses before it knows what is asked for is not audited.
        if (info === undefined || info.problem !== undefined) {
          expect(logged.get(id) ?? [], `${method} ${url}`).toEqual([]);
          continue;
        }
        const decision = auditLevel(policy, { ...info, user } satisfies AuditRequest);
        compared += 1;
        check(decision, logged.get(id) ?? [], `${method} ${url} of ${user.name} ${user.groups.join()}\n${JSON.stringify(written)}`);
      }
      expect(compared).toBeGreaterThan(REQUESTS / 2);
    });
  });
}

/** The generator also makes policies that a server, or one of this release, refuses to start with. */
function acceptedPolicy(source: ReturnType<typeof random>, minor: number): { written: Record<string, unknown>; policy: AuditPolicy } {
  for (;;) {
    const written = randomPolicy(source);
    const { policy, problems, newer } = parsePolicy(written);
    if (policy !== undefined && problems.length === 0 && newer.every((each) => each.minor <= minor)) return { written, policy };
  }
}

/** Watches by the old paths end by themselves too. */
function bounded(request: SendableRequest): SendableRequest {
  if (!request.url.includes('/watch/') || request.url.includes('timeoutSeconds')) return request;
  return { ...request, url: `${request.url}${request.url.includes('?') ? '&' : '?'}timeoutSeconds=1` };
}

async function restarted(cluster: TestCluster): Promise<void> {
  await cluster.programs.end('kube-apiserver');
  await cluster.programs.again('kube-apiserver');
  const ready = async (): Promise<boolean> => (await cluster.request('GET', '/readyz').catch(() => undefined))?.status === 200;
  await waitFor('the API server with its new policy', ready, { check: () => cluster.programs.check() });
}

async function sendAll(cluster: TestCluster, requests: readonly (SendableRequest & { id: string })[]): Promise<void> {
  const ca = cluster.pki.authority.certificate;
  const read = (name: string): string => readFileSync(cluster.pki.path(name), 'utf8');
  const proxy: Credentials = { ca, cert: read('front-proxy-client.crt'), key: read('front-proxy-client.key') };
  const queue = [...requests];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await sendOne(cluster, proxy, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function sendOne(
  cluster: TestCluster,
  proxy: Credentials,
  { id, method, url, user }: SendableRequest & { id: string },
): Promise<void> {
  const isNobody = user.name === 'system:anonymous';
  const groups = user.groups.filter((group) => group !== 'system:authenticated');
  const identity = isNobody
    ? {}
    : { 'x-remote-user': user.name, ...(groups.length > 0 && { 'x-remote-group': groups as unknown as string }) };
  const headers = { 'audit-id': id, ...identity };
  await askApi(cluster.server, isNobody ? { ca: proxy.ca } : proxy, { method, path: url, headers, ...(!isNobody && { agent }) });
}

function eventsOf(cluster: TestCluster, from: number): Map<string, Event[]> {
  const events = new Map<string, Event[]>();
  const text =
    statSync(cluster.auditLog, { throwIfNoEntry: false }) === undefined
      ? ''
      : readFileSync(cluster.auditLog).subarray(from).toString('utf8');
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const event = JSON.parse(line) as Event;
    events.set(event.auditID, [...(events.get(event.auditID) ?? []), event]);
  }
  return events;
}

function check({ level, omitStages }: Decision, events: readonly Event[], what: string): void {
  if (level === 'None') {
    expect(events, what).toEqual([]);
    return;
  }
  for (const event of events) {
    expect(event.level, what).toBe(level);
    expect(omitStages as readonly string[], what).not.toContain(event.stage);
  }
  // Every request is received and completed; only long ones start to answer before they end.
  for (const stage of ['RequestReceived', 'ResponseComplete'] as const) {
    if (!omitStages.includes(stage))
      expect(
        events.map((event) => event.stage),
        what,
      ).toContain(stage);
  }
}
