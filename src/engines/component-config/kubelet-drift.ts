/**
 * Where a kubelet runs with other settings than its files and flags say: those that decide who may ask it for what, and
 * what it lets pods do. A setting that is nowhere has the default of files (pkg/kubelet/apis/config/v1beta1/defaults.go).
 */
import { isDeepStrictEqual } from 'node:util';
import { segmentsOf, valueAt } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';
import { parseDuration } from '../command-line/index.ts';

export interface Drift {
  /** The field. */
  path: string;
  /** What the files and flags say; undefined where they say nothing. */
  told: unknown;
  /** What holds by them: `told`, or else the default. */
  holds: unknown;
  runs: unknown;
}

/** By default. Undefined where that differs by release, or the kubelet chooses by itself: then only what is set is compared. */
const FIELDS: Readonly<Record<string, unknown>> = {
  'authentication.anonymous.enabled': false,
  'authentication.webhook.enabled': true,
  'authentication.x509.clientCAFile': '',
  'authorization.mode': 'Webhook',
  address: '0.0.0.0',
  port: 10_250,
  readOnlyPort: 0,
  tlsCertFile: undefined,
  tlsPrivateKeyFile: undefined,
  tlsMinVersion: '',
  tlsCipherSuites: [],
  rotateCertificates: false,
  serverTLSBootstrap: false,
  staticPodPath: '',
  staticPodURL: '',
  enableServer: true,
  enableDebuggingHandlers: true,
  enableProfilingHandler: true,
  enableDebugFlagsHandler: true,
  enableSystemLogHandler: true,
  streamingConnectionIdleTimeout: '4h0m0s',
  makeIPTablesUtilChains: true,
  protectKernelDefaults: false,
  allowedUnsafeSysctls: [],
  eventRecordQPS: undefined,
  podPidsLimit: -1,
  seccompDefault: false,
};
/** Where zero means the default. */
const ZERO_IS_UNSET: ReadonlySet<string> = new Set(['address', 'port', 'authorization.mode', 'streamingConnectionIdleTimeout']);

type Config = Readonly<Record<string, unknown>>;

export function kubeletDrift(files: Config, running: Config): Drift[] {
  const fields = Object.entries(FIELDS).map(([path, byDefault]) => compared(path, fieldOf(files, path), { byDefault, running }));
  return [...fields, ...driftOfGates(files, running)].filter((each) => each !== undefined);
}

function compared(path: string, told: unknown, { byDefault, running }: { byDefault: unknown; running: Config }): Drift | undefined {
  const isUnset = told === undefined || told === null || (ZERO_IS_UNSET.has(path) && plain(told) === NOTHING);
  const holds = isUnset ? byDefault : told;
  const runs = fieldOf(running, path);
  if (holds === undefined || isDeepStrictEqual(plain(holds), plain(runs))) return undefined;
  return { path, told: isUnset ? undefined : told, holds, runs };
}

/** Only those that are named: which others there are, and whether they are on, differs by release. */
function driftOfGates(files: Config, running: Config): Drift[] {
  const told = isRecord(files.featureGates) ? files.featureGates : {};
  const runs = isRecord(running.featureGates) ? running.featureGates : {};
  return Object.entries(told)
    .filter(([gate, value]) => Object.hasOwn(runs, gate) && runs[gate] !== value)
    .map(([gate, value]): Drift => ({ path: `featureGates.${gate}`, told: value, holds: value, runs: runs[gate] }));
}

const NOTHING = 'nothing';

/** Go leaves out what is zero; durations have several spellings, and lists no order here. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return NOTHING;
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : (value as unknown[]).map(String).toSorted();
  const seconds = typeof value === 'string' ? parseDuration(value) : undefined;
  return seconds === 0 ? NOTHING : (seconds ?? value);
}

function fieldOf(config: Config, path: string): unknown {
  return valueAt(config, segmentsOf(path));
}
