/** What `castellan net verify` says on standard error: what it is going to do, and what has become of it. */
import type { Connection } from '../collect/cluster/index.ts';
import { type Feature, LIFETIME, type Leftover, type Run, type VerifyOptions, podsOfFeatures, titleOf } from '../enforce/verify/index.ts';
import { standardError } from '../lib/standard-error.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';

export interface Planned {
  run: Run;
  features: readonly Feature[];
  admin: VerifyOptions['admin'];
  image: string;
  nodes: readonly string[];
  pullSecret: { namespace: string; name: string } | undefined;
  leftovers: readonly Leftover[];
}

export function planText({ context, server }: Connection, plan: Planned): string[] {
  const { run, features, admin, image, nodes, pullSecret } = plan;
  const pods = podsOfFeatures(features, admin);
  const place = nodes.length === 0 ? '' : ` on ${nodes.join(' and ')}`;
  const secret =
    pullSecret === undefined ? [] : [`  a copy of the Secret ${pullSecret.namespace}/${pullSecret.name}, to pull the image with`];
  const kinds = new Set(
    features.map((feature) =>
      admin.size > 0 && !/^(?:in|e)gress-|^across/.test(feature) ? titleOf(feature).split(',')[0] : 'NetworkPolicy',
    ),
  );
  return [
    `castellan net verify is going to write to the cluster of the context "${context}" (${server}). It creates`,
    `  the namespace ${run.namespace}, and ${run.other} where traffic between namespaces is tried`,
    ...secret,
    `  ${plural(pods.length, 'pod')} of the image ${image}${place}, which end after ${LIFETIME / 60} minutes in any case`,
    `  one after the other ${[...kinds].join(' and ')} for these pods alone, to try ${plural(features.length, 'feature')}`,
    'and removes all of it in the end, also after Ctrl-C. Nothing that is there now is changed.',
    ...leftoverLines(plan.leftovers),
  ];
}

export function cleanUpText({ context, server }: Connection, leftovers: readonly Leftover[]): string[] {
  if (leftovers.length === 0) return [`castellan: ${context} (${server}) has nothing left of earlier runs of net verify`];
  return [`castellan: the cluster of the context "${context}" (${server})`, ...leftoverLines(leftovers)];
}

function leftoverLines(leftovers: readonly Leftover[]): string[] {
  return leftovers.map(({ objects, owner, isOver, endsAt }) => {
    const names = objects.map(({ resource, name }) => `${resource.resource} ${name}`).join(', ');
    if (isOver) return `An earlier run was ended before it could remove ${names}: this is removed first.`;
    const why = owner === 'runs' ? 'another run on this machine uses it' : `a run elsewhere may be using it until ${endsAt}`;
    return `Another run has ${names}: left alone, as ${why}.`;
  });
}

export function removedText(left: readonly string[]): string[] {
  return left.length === 0 ? ['castellan: everything that was made is removed'] : leftText(left);
}

export function leftText(left: readonly string[]): string[] {
  return [...left.map((line) => `castellan: ${line}`), 'castellan net verify --clean-up tries again to remove what is left'];
}

/** Names come from the cluster. */
export function tellLines(lines: readonly string[]): void {
  for (const line of lines) standardError.write(`${lineStart(printable(line))}\n`);
}
