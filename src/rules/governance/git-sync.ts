import type { Container } from '../../model/index.ts';
import { CONTAINER, withContainer } from '../examples.ts';
import { defineRule, mitre } from '../rule.ts';

export const rule = defineRule({
  id: 'git-sync',
  title: 'git-sync runs a program that can be swapped',
  severity: 'medium',
  area: 'governance',
  rationale:
    'Git-sync starts the program that its options name as git or as hook. Whoever can edit the pod template or write to the volume where that program lies runs code of their own in a container that looks like an ordinary synchronisation and holds the repository credentials.',
  remedy: 'Leave out --git and GITSYNC_GIT, so that the git of the image runs, and let a hook start only what the image holds.',
  controls: mitre('T1610'),
  aliases: { checkov: ['CKV_K8S_159'] },
  scope: 'container',
  check(container) {
    const { spec } = container;
    if (spec.image === undefined || !IMAGE.test(spec.image)) return undefined;
    for (const [index, { name = '', value, valueFrom }] of (spec.env ?? []).entries()) {
      const kind = PROGRAM_VARIABLES.get(name);
      if (kind === undefined || (valueFrom === undefined && isHarmless(container, kind, value ?? ''))) continue;
      return {
        message: `container "${container.name}" starts ${value === undefined ? 'what another object names' : `"${value}"`} as ${kind}`,
        path: `env[${index}].value`,
        key: name,
      };
    }
    for (const list of ['command', 'args'] as const) {
      const args = spec[list] ?? [];
      for (let index = 0; index < args.length; index += 1) {
        const match = PROGRAM_FLAG.exec(args[index] ?? '');
        if (match === null) continue;
        const kind = match[1] === 'git' ? 'git' : 'hook';
        const value = match[2] ?? args[index + 1] ?? '';
        if (isHarmless(container, kind, value)) continue;
        return { message: `container "${container.name}" starts "${value}" as ${kind}`, path: `${list}[${index}]`, key: match[1] ?? '' };
      }
    }
    return undefined;
  },
  examples: () => ({
    good: [
      withContainer('env: [{name: GITSYNC_GIT, value: /tmp/git}]'),
      withContainer('').replace('registry.example.com/shop/web:1.4.2', 'registry.k8s.io/git-sync/git-sync:v4.4.0'),
      withContainer('args: [--exechook-command=/usr/bin/reload, --git=git]').replace(
        'registry.example.com/shop/web:1.4.2',
        'registry.k8s.io/git-sync/git-sync:v4.4.0',
      ),
    ],
    bad: [
      {
        yaml: withContainer('env: [{name: GITSYNC_GIT, value: /tmp/payload/run}]').replace(
          'registry.example.com/shop/web:1.4.2',
          'registry.k8s.io/git-sync',
        ),
        path: `${CONTAINER}.env[0].value`,
      },
      {
        yaml: withContainer('args: [--repo=x, --exechook-command=/data/hook.sh]\nvolumeMounts: [{name: data, mountPath: /data}]').replace(
          'registry.example.com/shop/web:1.4.2',
          'registry.k8s.io/git-sync/git-sync:v4.4.0',
        ),
        path: `${CONTAINER}.args[1]`,
      },
    ],
  }),
});

const IMAGE = /(?:^|\/)git-sync(?:[-:@]|$)/;
const PROGRAM_VARIABLES: ReadonlyMap<string, 'git' | 'hook'> = new Map([
  ['GITSYNC_GIT', 'git'],
  ['GIT_SYNC_GIT', 'git'],
  ['GITSYNC_EXECHOOK_COMMAND', 'hook'],
  ['GIT_SYNC_EXECHOOK_COMMAND', 'hook'],
  ['GIT_SYNC_HOOK_COMMAND', 'hook'],
]);
const PROGRAM_FLAG = /^--?(git|exechook-command|sync-hook-command)(?:=(.*))?$/;
const OF_THE_IMAGE = /^(?:\/usr(?:\/local)?)?\/s?bin\/[^/]+$/;

/** A program that came with the image: no other git, and no hook from a volume. */
function isHarmless({ spec }: Container, kind: 'git' | 'hook', value: string): boolean {
  if (value === '' || value === 'git') return true;
  const mounted =
    spec.volumeMounts?.some(
      ({ mountPath = '' }) => mountPath !== '' && value.startsWith(mountPath.endsWith('/') ? mountPath : `${mountPath}/`),
    ) === true;
  if (mounted) return false;
  return kind === 'hook' || OF_THE_IMAGE.test(value);
}
