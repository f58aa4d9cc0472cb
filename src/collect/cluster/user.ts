/** How the user of a context signs in: one way, in kubectl's order; what kubectl refuses is refused. */
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { type CredentialSource, TokenFile } from './credentials.ts';
import { Plugin, type PluginOptions } from './exec.ts';

/** What the library signs in with: certificates and OIDC. */
export function certificateOf(user: User | undefined): User {
  const provider = providerOf(user);
  const { name = '', certData, certFile, keyData, keyFile } = user ?? {};
  return {
    name,
    ...(certData && { certData }),
    ...(certFile && { certFile }),
    ...(keyData && { keyData }),
    ...(keyFile && { keyFile }),
    // A token goes before it.
    ...(provider !== undefined && !user?.token && { authProvider: provider }),
  };
}

/** A plugin is not asked where the entry has something else to sign in with. */
export function sourceOf(
  user: User | undefined,
  { token, tokenFile, exec }: Readonly<Record<string, unknown>>,
  options: Omit<PluginOptions, 'user'>,
): CredentialSource | undefined {
  if (user === undefined) return undefined;
  const known = typeof token === 'string' && token.trim() !== '' ? token.trim() : undefined;
  if (typeof tokenFile === 'string' && tokenFile !== '') return new TokenFile(tokenFile, known);
  if (known !== undefined) return heldToken(known);
  if (exec == null) return undefined;
  const plugin = new Plugin(exec, { user: user.name, ...options });
  return user.username || user.password || user.certData || user.certFile ? undefined : plugin;
}

/** One that does not change. */
export function heldToken(token: string): CredentialSource {
  return { get: () => Promise.resolve({ token }), forget: () => false };
}

/** `name:password` */
export function basicOf(user: User | undefined): string | undefined {
  return user?.username || user?.password ? `${user.username ?? ''}:${user.password ?? ''}` : undefined;
}

/** Any other than OIDC would be passed over, and the cluster asked as nobody. */
function providerOf(user: User | undefined): unknown {
  const provider = user?.authProvider as { name?: unknown; config?: unknown } | null | undefined;
  if (user === undefined || provider == null) return undefined;
  const { name } = provider;
  if (user.exec != null) throw new CastellanError('CAS_SIGN_IN', `the user "${user.name}" has both an auth-provider and a sign-in plugin`);
  if (name === 'oidc') return { name, config: withoutOthers(provider) };
  const said = `the user "${user.name}" signs in by the auth-provider "${String(name)}", which Castellan does not have`;
  const successor = SUCCESSORS[String(name)];
  if (successor === undefined)
    throw new CastellanError('CAS_SIGN_IN', said, { remedy: 'Use a token, a certificate, OIDC or a sign-in plugin.' });
  throw new CastellanError('CAS_SIGN_IN', `${said}, and neither has kubectl since 1.26`, {
    remedy: `Write the entry anew with the sign-in plugin ${successor}.`,
  });
}

/** The library takes an entry with one of these for another way to sign in. */
function withoutOthers({ config }: { config?: unknown }): Record<string, unknown> {
  const { exec: _, tokenFile: __, ...rest } = isRecord(config) ? config : {};
  return rest;
}

const SUCCESSORS: Readonly<Record<string, string>> = {
  gcp: 'gke-gcloud-auth-plugin (gcloud container clusters get-credentials NAME)',
  azure: 'kubelogin (az aks get-credentials, then kubelogin convert-kubeconfig)',
};
