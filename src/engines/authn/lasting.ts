/** Credentials that nobody can take back, or that nothing ends, by the chain and by what is in the input. */
import type { Cluster } from '../../model/index.ts';
import type { CertificateFact } from '../../snapshot/index.ts';
import type { Authenticator, AuthenticatorKind, Chain } from './authenticators.ts';

export interface Lasting {
  by: AuthenticatorKind;
  /** Which ones: a class of them, or a single one that is known. */
  what: string;
  /** What ends them: `expiry`, `deletion` of an object, `restart` of the API server with other settings, or `nothing` else. */
  endsBy: 'expiry' | 'deletion' | 'restart';
  because: string;
  source?: string;
  path?: string;
  /** RFC 3339, where it is known. */
  until?: string;
}

const CLIENT = '1.3.6.1.5.5.7.3.2';

export function lastingOf(chain: Chain, cluster: Cluster): Lasting[] {
  return chain.authenticators.flatMap((authenticator) => {
    const { where } = authenticator;
    return lastingBy(authenticator, cluster).map((each) => ({
      ...(where !== undefined && { source: where.source, path: where.path }),
      ...each,
    }));
  });
}

function lastingBy(authenticator: Authenticator, cluster: Cluster): Lasting[] {
  const { kind: by } = authenticator;
  switch (authenticator.kind) {
    case 'client-certificate': {
      const because = 'the API server knows no list of revoked certificates; before they end only another CA refuses them';
      return [{ by, what: `client certificates of ${authenticator.ca}`, endsBy: 'expiry', because }, ...knownCertificates(cluster)];
    }
    case 'request-header': {
      const anyone = authenticator.names.length === 0 ? ', whatever its name' : ` named ${authenticator.names.join(', ')}`;
      const because = 'whoever has its key may say to be anybody, and it is not revoked before it ends';
      return [{ by, what: `a certificate of ${authenticator.ca}${anyone}`, endsBy: 'expiry', because }];
    }
    case 'static-token':
      return [
        {
          by,
          what: `every token in ${authenticator.file}`,
          endsBy: 'restart',
          because: 'they do not end, and the file is read once, at the start',
        },
      ];
    case 'legacy-service-account':
      return authenticator.lookup ? secretTokens(cluster) : [notLookedUp(by)];
    case 'service-account':
      return authenticator.lookup ? [] : [notLookedUp(by)];
    case 'bootstrap-token':
      return bootstrapTokens(cluster);
    case 'jwt':
      return [
        {
          by,
          what: `tokens of ${authenticator.issuer.url}`,
          endsBy: 'expiry',
          because: 'the issuer is not asked about single tokens: one that was taken is good until it ends, which the issuer decides',
        },
      ];
    default:
      return [];
  }
}

function notLookedUp(by: AuthenticatorKind): Lasting {
  const because = 'with --service-account-lookup=false they are accepted though the account, its Secret or its pod is gone';
  return { by, what: 'tokens of service accounts', endsBy: by === 'service-account' ? 'expiry' : 'restart', because };
}

/** Those that were seen on nodes. Members of system:masters are told by their name. */
function knownCertificates({ nodes }: Cluster): Lasting[] {
  return nodes.flatMap(({ node, certificates }) =>
    certificates.filter(isOfClient).map(({ path, part, subject, notAfter }) => {
      const isMaster = /(?:^|, )O=system:masters(?:,|$)/.test(subject);
      return {
        by: 'client-certificate' as const,
        what: subject,
        endsBy: 'expiry' as const,
        because: isMaster ? 'its group may do everything, and no role that could be taken away gives that' : 'it is good until it ends',
        source: `${node}:${path}`,
        path: part ?? '',
        until: notAfter,
      };
    }),
  );
}

function isOfClient({ uses, ca }: CertificateFact): boolean {
  return !ca && uses.includes(CLIENT) && !uses.includes('1.3.6.1.5.5.7.3.1');
}

function secretTokens({ tables }: Cluster): Lasting[] {
  return tables.Secret.all
    .filter(({ body }) => body.type === 'kubernetes.io/service-account-token')
    .map(({ namespace, name, annotations }) => ({
      by: 'legacy-service-account' as const,
      what: `the token of ${namespace}/${annotations['kubernetes.io/service-account.name'] ?? 'a service account'}`,
      endsBy: 'deletion' as const,
      because: 'it does not end; deleting the Secret revokes it',
      source: `Secret/${namespace}/${name}`,
      path: 'data.token',
    }));
}

function bootstrapTokens({ tables }: Cluster): Lasting[] {
  return tables.Secret.in('kube-system')
    .filter(({ body }) => body.type === 'bootstrap.kubernetes.io/token' && !('expiration' in { ...body.data, ...body.stringData }))
    .map(({ name }) => ({
      by: 'bootstrap-token' as const,
      what: `the token ${name.replace(/^bootstrap-token-/, '')}`,
      endsBy: 'deletion' as const,
      because: 'it has no expiration; deleting the Secret revokes it',
      source: `Secret/kube-system/${name}`,
      path: 'data.expiration',
    }));
}
