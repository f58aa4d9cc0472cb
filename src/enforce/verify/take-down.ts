/** Removes what a run has made, and waits until it is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { type Ask, type Fields, NAMESPACES, messageIn, pathOf } from './api.ts';
import type { Writer } from './writer.ts';

export interface Removal {
  ask: Ask;
  writer: Writer;
  poll: number;
  /** Milliseconds for the cluster to empty and remove a namespace. */
  gone: number;
}

/** Everything that stands, the latest first. The answer is what is left, and why: empty when nothing is. */
export async function takeDown(removal: Removal): Promise<string[]> {
  const { writer } = removal;
  const standing = writer.ledger.standing.toReversed();
  const left: string[] = [];
  for (const { resource, name } of standing) {
    try {
      await writer.remove(resource, { namespace: undefined, name });
    } catch (error) {
      left.push(`${resource.resource} ${name} could not be removed: ${messageOf(error)}`);
    }
  }
  const namespaces = standing.filter(({ resource }) => resource.resource === 'namespaces').map(({ name }) => name);
  const until = Date.now() + removal.gone;
  for (const name of namespaces) {
    if (left.some((line) => line.startsWith(`namespaces ${name} `))) continue;
    const why = await whyStillThere(removal, name, until);
    if (why !== undefined) left.push(`namespaces ${name} is being removed, but is not gone: ${why}`);
  }
  return left;
}

/** Undefined when it is gone. Else what the cluster says of it, which names what it waits for. */
async function whyStillThere({ ask, poll }: Removal, name: string, until: number): Promise<string | undefined> {
  for (;;) {
    let why: string;
    try {
      const { status, body } = await ask('GET', pathOf(NAMESPACES, { name }));
      if (status === 404) return undefined;
      why = status >= 400 ? messageIn(body) : isRecord(body) ? conditionOf(body) : 'the cluster does not say why';
    } catch (error) {
      return messageOf(error);
    }
    if (Date.now() > until) return why;
    await sleep(poll);
  }
}

function conditionOf({ status }: Fields): string {
  const conditions = isRecord(status) && Array.isArray(status.conditions) ? status.conditions.filter(isRecord) : [];
  const said = conditions.filter((one) => one.status === 'True' && typeof one.message === 'string').map(({ message }) => String(message));
  return said.length === 0 ? 'the cluster does not say why' : said.join('; ');
}
