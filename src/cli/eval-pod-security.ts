/** `eval pod-security`: {object, level, version} → {allowed, failing, met} for a Pod or anything that makes pods. */
import { type Pod, type PolicyLevel, evaluatePodSecurity, levelMet, policyMinor } from '../engines/pod-security/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord, toApiObject, toWorkload } from '../model/index.ts';

export function evalPodSecurity(input: Record<string, unknown>): Record<string, unknown> {
  const pod = podOf(input.object);
  const level = levelOf(input.level);
  const version = versionOf(input.version);
  const { allowed, violations } = evaluatePodSecurity(pod, level, version);
  return { allowed, failing: violations.map(({ control }) => control).toSorted(), met: levelMet(pod, version) };
}

function podOf(raw: unknown): Pod {
  if (!isRecord(raw)) throw new CastellanError('CAS_BAD_CASE', '"object" is not a Kubernetes object');
  const object = toApiObject({ object: raw, origin: { source: '', line: 1, format: 'json', prefix: [] } }, 0);
  if ('code' in object) throw new CastellanError('CAS_BAD_CASE', '"object" has no kind');
  const workload = toWorkload(object);
  if (workload !== undefined) return { metadata: workload.podMetadata, spec: workload.pod };
  const made = object.apiVersion === '' ? object.kind : `${object.apiVersion} ${object.kind}`;
  throw new CastellanError('CAS_BAD_CASE', `"object" (${made}) is neither a Pod nor a workload with a pod template`);
}

function levelOf(level: unknown): PolicyLevel {
  if (level === 'baseline' || level === 'restricted') return level;
  throw new CastellanError('CAS_BAD_CASE', '"level" is neither "baseline" nor "restricted"');
}

function versionOf(version: unknown): string {
  if (typeof version === 'string' && policyMinor(version) !== undefined) return version;
  throw new CastellanError('CAS_BAD_CASE', '"version" is neither a release such as "1.30" nor "latest"');
}
