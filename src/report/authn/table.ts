/** What `castellan authn` tells a person. */
import type { createColors } from 'picocolors';
import type { Authenticator, Chain, JwtIssuer, Lasting, Mapping } from '../../engines/authn/index.ts';
import { fit, lineStart, printable } from '../../lib/terminal.ts';
import type { AuthnReport, ServerReport, TokenReport } from './document.ts';

type Colors = ReturnType<typeof createColors>;

export function authnTable({ servers }: AuthnReport, colors: Colors): string {
  const lines = servers.flatMap((server, index) => [...(index > 0 ? [''] : []), ...serverLines(server, colors)]);
  return `${lines.map((line) => lineStart(line).trimEnd()).join('\n')}\n`;
}

function serverLines({ chain, lasting, tokens }: ServerReport, colors: Colors): string[] {
  const { node, source, unseen } = chain;
  return [
    colors.bold(printable(`API server${node === '' ? '' : ` of ${node}`}`)) + colors.dim(printable(`  ${source}`)),
    ...chainLines(chain, colors),
    ...unseen.map((text) => `  not seen: ${printable(text)}`),
    ...(lasting.length === 0
      ? []
      : ['', colors.bold('What cannot be taken back before it ends, or does not end'), ...lasting.map(lastingLine)]),
    ...(tokens.length === 0 ? [] : ['', colors.bold('Tokens'), ...tokens.flatMap((token) => tokenLines(token, colors))]),
  ];
}

function chainLines({ authenticators }: Chain, colors: Colors): string[] {
  if (authenticators.length === 0) return ['  nobody is let in: no authenticator is set'];
  return authenticators.flatMap((authenticator, index) => {
    const { where } = authenticator;
    const [first = '', ...more] = describe(authenticator);
    return [
      `  ${index + 1}. ${fit(authenticator.kind, 22)}  ${printable(first)}`,
      ...more.map((line) => `${' '.repeat(29)}${printable(line)}`),
      ...(where === undefined ? [] : [colors.dim(`${' '.repeat(29)}${printable(`${where.source} ${where.path}`)}`)]),
    ];
  });
}

function describe(authenticator: Authenticator): string[] {
  switch (authenticator.kind) {
    case 'request-header':
      return [
        authenticator.userHeaders.length === 0
          ? `no header is named in which a proxy with a certificate of ${authenticator.ca} would say who it is: nobody is let in by it`
          : `whom a proxy with a certificate of ${authenticator.ca} says to send it (${authenticator.userHeaders.join(', ')})`,
        authenticator.names.length === 0 ? 'any certificate of that CA' : `only ${authenticator.names.join(', ')}`,
      ];
    case 'client-certificate':
      return [`the name of a certificate of ${authenticator.ca}; its organisations are the groups`];
    case 'static-token':
      return [`tokens in ${authenticator.file}`];
    case 'legacy-service-account':
      return [`tokens that Secrets hold${authenticator.lookup ? '' : ', also of what is gone'}`];
    case 'service-account':
      return [`tokens of ${authenticator.issuers.join(', ')}, for ${authenticator.audiences.join(', ')}`];
    case 'bootstrap-token':
      return ['tokens of nodes that join: system:bootstrap:ID in system:bootstrappers'];
    case 'jwt':
      return describeIssuer(authenticator.issuer);
    case 'webhook':
      return [`what the webhook of ${authenticator.file} says`];
    default:
      return [
        `everybody else is system:anonymous in system:unauthenticated${authenticator.paths === undefined ? '' : `, at ${authenticator.paths.join(', ')} only`}`,
      ];
  }
}

function describeIssuer({ url, audiences, username, groups, uid, extra, required, conditions }: JwtIssuer): string[] {
  const lines = [`tokens of ${url}, for ${audiences.join(', ')}`, `name: ${mappingText(username)}`];
  if (groups !== undefined) lines.push(`groups: ${mappingText(groups)}`);
  if (uid !== undefined) lines.push(`uid: ${mappingText(uid)}`);
  for (const { key, expression } of extra) lines.push(`extra ${key}: ${expression}`);
  for (const { claim, value } of required) lines.push(`where ${claim} is "${value}"`);
  for (const condition of conditions) lines.push(`where ${condition}`);
  return lines;
}

function mappingText(mapping: Mapping): string {
  if ('expression' in mapping) return mapping.expression;
  return `claim ${mapping.claim}${mapping.prefix === '' ? '' : `, after "${mapping.prefix}"`}`;
}

function lastingLine({ what, endsBy, because, until, source }: Lasting): string {
  const end = until === undefined ? '' : ` (until ${until.slice(0, 10)})`;
  const place = source === undefined || until === undefined ? '' : ` [${source}]`;
  return `  ${fit(endsBy, 8)}  ${printable(`${what}${end}: ${because}${place}`)}`;
}

function tokenLines({ id, accepted, by, as, because, assumes }: TokenReport, colors: Colors): string[] {
  const word = { yes: colors.green, no: colors.red, unknown: colors.yellow }[accepted](fit(accepted, 7));
  const who = as?.username === undefined ? '' : `${as.username}${as.groups === undefined ? '' : ` [${as.groups.join(', ')}]`}`;
  const said = accepted === 'yes' ? `${who} by ${by}` : [because, who].filter((part) => part !== '').join('; would be ');
  return [`  ${word}  ${printable(`${id}: ${said}`)}`, ...assumes.map((text) => `           if ${printable(text)}`)];
}
