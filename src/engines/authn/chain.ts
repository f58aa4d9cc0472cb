/**
 * The chain by the flags of the API server and its file of AuthenticationConfiguration, in the order of
 * k8s.io/kubernetes/pkg/kubeapiserver/authenticator (Config.New): front proxy and certificates, tokens local before
 * remote, nobody last.
 */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import type { Cluster } from '../../model/index.ts';
import { parseBoolean } from '../command-line/index.ts';
import { type Setting, type Started, startedIn } from '../component-config/index.ts';
import type { Authenticator, Chain, Where } from './authenticators.ts';
import { issuerOfFlags, issuersOf } from './jwt-issuer.ts';

export function chainsIn(cluster: Cluster): Chain[] {
  const servers = startedIn(cluster).filter(({ component }) => component === 'kube-apiserver');
  return servers.map((started) => chainOf(started, cluster));
}

function chainOf(started: Started, cluster: Cluster): Chain {
  const { node, line, flag } = started;
  const file = configurationOf(started, cluster);
  const unseen: string[] = [];
  if (line.hidden !== undefined) unseen.push(line.hidden);
  const named = flag('--authentication-config');
  if (named !== undefined && file === undefined) unseen.push(`${named.value}, the file of --authentication-config, is not in the input`);
  const authenticators = [
    ...ofCertificates(started),
    ...ofOwnTokens(started),
    ...ofIssuers(started, named, file),
    ...ofWebhook(started),
    ...ofAnonymous(started, named, file),
  ];
  return { node, source: sourceOf(started), authenticators, unseen };
}

function whereOf({ source, path, shown }: Setting<unknown>): Where {
  return { source, path, shown };
}

/** Any flag tells where all of them stand. */
function sourceOf({ line, flag, node }: Started): string {
  for (const name of line.uses.keys()) {
    const found = flag(name);
    if (found !== undefined) return found.source;
  }
  return node === '' ? 'kube-apiserver' : `kube-apiserver of ${node}`;
}

function ofCertificates({ flag, list }: Started): Authenticator[] {
  const found: Authenticator[] = [];
  const front = flag('--requestheader-client-ca-file');
  if (front !== undefined)
    found.push({
      kind: 'request-header',
      names: list('--requestheader-allowed-names')?.value ?? [],
      userHeaders: list('--requestheader-username-headers')?.value ?? [],
      ca: front.value,
      where: whereOf(front),
    });
  const ca = flag('--client-ca-file');
  if (ca !== undefined) found.push({ kind: 'client-certificate', ca: ca.value, where: whereOf(ca) });
  return found;
}

function ofOwnTokens({ flag, list, line }: Started): Authenticator[] {
  const found: Authenticator[] = [];
  const tokens = flag('--token-auth-file');
  if (tokens !== undefined) found.push({ kind: 'static-token', file: tokens.value, where: whereOf(tokens) });
  const lookup = parseBoolean(flag('--service-account-lookup')?.value ?? '') ?? true;
  const issuers = (line.uses.get('--service-account-issuer') ?? []).map(({ value }) => value);
  const keys =
    flag('--service-account-key-file') ?? flag('--service-account-signing-key-file') ?? flag('--service-account-signing-endpoint');
  if (keys !== undefined) found.push({ kind: 'legacy-service-account', lookup, where: whereOf(keys) });
  const issuer = flag('--service-account-issuer');
  if (issuer !== undefined) {
    // Without --api-audiences a token is for who issues it.
    const audiences = list('--api-audiences')?.value ?? issuers;
    found.push({ kind: 'service-account', issuers, audiences, lookup, where: whereOf(issuer) });
  }
  const bootstrap = flag('--enable-bootstrap-token-auth');
  if (bootstrap !== undefined && parseBoolean(bootstrap.value) === true) found.push({ kind: 'bootstrap-token', where: whereOf(bootstrap) });
  return found;
}

interface Configuration {
  source: string;
  body: Record<string, unknown>;
}

function ofIssuers(started: Started, named: Setting<string> | undefined, file: Configuration | undefined): Authenticator[] {
  if (named === undefined) {
    const issuer = issuerOfFlags(started);
    const where = started.flag('--oidc-issuer-url');
    return issuer === undefined || where === undefined ? [] : [{ kind: 'jwt', issuer, where: whereOf(where) }];
  }
  if (file === undefined) return [];
  return issuersOf(file.body.jwt).map(({ issuer, index }) => {
    const where = { source: file.source, path: `jwt[${index}]`, shown: issuer.url };
    return { kind: 'jwt', issuer, where };
  });
}

function ofWebhook({ flag }: Started): Authenticator[] {
  const hook = flag('--authentication-token-webhook-config-file');
  return hook === undefined ? [] : [{ kind: 'webhook', file: hook.value, where: whereOf(hook) }];
}

/** On by default; the file takes the place of the flag (KEP-4633). */
function ofAnonymous({ flag, list }: Started, named: Setting<string> | undefined, file: Configuration | undefined): Authenticator[] {
  const anonymous = file?.body.anonymous;
  if (file !== undefined && isRecord(anonymous)) {
    if (anonymous.enabled !== true) return [];
    const conditions = Array.isArray(anonymous.conditions) ? (anonymous.conditions as unknown[]) : [];
    const paths = conditions.flatMap((each) => (isRecord(each) && typeof each.path === 'string' ? [each.path] : []));
    const where = { source: file.source, path: 'anonymous', shown: anonymous };
    return [{ kind: 'anonymous', paths: conditions.length === 0 ? undefined : paths, where }];
  }
  if (named !== undefined && file === undefined) return [];
  const set = flag('--anonymous-auth');
  const modes = list('--authorization-mode')?.value;
  // Where everything is allowed nobody is admitted without a name, whatever the flag says (kubeapiserver/options).
  const isOpen = flag('--authorization-config') === undefined && (modes === undefined || modes.includes('AlwaysAllow'));
  const isOn = (parseBoolean(set?.value ?? '') ?? true) && !isOpen;
  if (!isOn) return [];
  return [{ kind: 'anonymous', paths: undefined, ...(set !== undefined && { where: whereOf(set) }) }];
}

/** Of the node by its path; else the only one in the input. */
function configurationOf({ flag, facts }: Started, { tables }: Cluster): Configuration | undefined {
  const named = flag('--authentication-config');
  if (named === undefined) return undefined;
  const text = facts?.files.find(({ path }) => path === named.value)?.text;
  const parsed = text === undefined ? undefined : parseConfigText(text)?.value;
  if (isRecord(parsed)) return { source: `${facts?.node}:${named.value}`, body: parsed };
  const { all } = tables.AuthenticationConfiguration;
  const [only] = all;
  if (only === undefined || all.length > 1) return undefined;
  return { source: only.origin.source, body: { ...only.body } };
}
