import { type FoundCredential, credentialIn, credentialsInText } from '../../lib/credentials.ts';
import { joinPath } from '../../lib/field-path.ts';
import { severityRank } from '../finding.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { credentialText, severityOf } from './credential-words.ts';

const configMap = (data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\n${data}`;

export const rule = defineRule({
  id: 'credential-in-configmap',
  title: 'Credential in a ConfigMap',
  severity: 'high',
  area: 'secrets',
  rationale:
    'Config maps are readable for nearly everybody who may look at the namespace, are not encrypted at rest and lie in version control. A credential in one is known to all of them, and stays known after it is removed.',
  remedy:
    'Renew the credential first. Put the new one into a Secret and mount it beside the configuration; most programs read a password from a file or a variable and let the rest of the file stay.',
  controls: [...nsa('credentials-in-configuration'), ...mitre('T1552.001', 'T1552.007')],
  aliases: { kubescape: ['C-0012'], trivy: ['KSV-0109', 'KSV-01010'], polaris: ['sensitiveConfigmapContent'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['ConfigMap'],
  check(map) {
    const { data } = map.body;
    if (data === undefined) return undefined;
    let hits: Hit[] | undefined;
    for (const key in data) {
      const value = data[key];
      if (typeof value !== 'string' || value === '') continue;
      const found = credentialsOf(key, value);
      if (found.length > 0) (hits ??= []).push(hitOf(key, found));
    }
    return hits;
  },
  examples: () => ({
    good: [
      configMap(''),
      configMap('data: {REDIS_PASSWORD_FILE: /run/secrets/redis, TOKEN_URL: "https://login.example.com"}'),
      configMap('data: {config: "REDIS_PASSWORD="}'),
      configMap(
        'data:\n  game.properties: |\n    enemy.types=aliens,monsters\n    player.maximum-lives=5\n  app.yaml: |\n    db:\n      password: ${DB_PASSWORD}\n      secretName: web',
      ),
      configMap('data: {ca.crt: "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----"}'),
    ],
    bad: [
      { yaml: configMap('data: {user: shop, pwd: hi}'), path: 'data.pwd', severity: 'high' },
      { yaml: configMap('data: {config: "REDIS_PASSWORD=abcd1234"}'), path: 'data.config', severity: 'high' },
      { yaml: configMap('data:\n  app.properties: |\n    name=shop\n    db.password=hunter2\n'), path: 'data["app.properties"]' },
      { yaml: configMap('data:\n  app.json: \'{"db": {"password": "hunter2"}}\''), path: 'data["app.json"]' },
      { yaml: configMap('data: {AZURE_BATCH_KEY: xxxxx}'), path: 'data.AZURE_BATCH_KEY', severity: 'low' },
    ],
  }),
});

/** A key with a value, or a file whose name is the key. */
function credentialsOf(key: string, value: string): readonly FoundCredential[] {
  const isFile = value.trimEnd().includes('\n');
  if (!isFile) {
    const own = credentialIn(key, value);
    if (own !== undefined) return [{ ...own, name: '', value, line: 1 }];
  }
  return credentialsInText(value);
}

function hitOf(key: string, found: readonly FoundCredential[]): Hit {
  const [first, ...others] = [...found].sort((a, b) => severityRank(severityOf(a)) - severityRank(severityOf(b))) as [
    FoundCredential,
    ...FoundCredential[],
  ];
  const where = first.name === '' ? (first.line > 1 ? ` in line ${first.line}` : '') : ` (${first.name}, line ${first.line})`;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    message: `"${key}" holds ${credentialText(first)}${where}${more}`,
    path: joinPath('data', key),
    value: first.value,
    secret: true,
    key,
    severity: severityOf(first),
  };
}
