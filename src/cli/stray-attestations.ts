/** Attestations about somebody or something that is not in the input: what is misspelt would be passed over without a word. */
import { type Evidence, type State, refIn } from '../changes/index.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import type { Attestation } from '../rules/index.ts';

/** Each kind is told in one line on standard error. */
export function tellStray({ attestations }: Evidence, state: State, quiet: boolean | undefined): void {
  if (attestations === undefined || quiet === true) return;
  const strangers = attestations.valid.filter((one) => isOfStranger(one, state));
  const ends = attestations.valid.filter((one) => !strangers.includes(one) && isToStranger(one, state));
  const rights = attestations.ofNothing(state.rbac).filter((one) => !strangers.includes(one));
  tell(strangers, ({ text, of }) => `"${text}" is of ${of}, which the input does not hold`);
  tell(ends, ({ text, of }) => `"${text}" of ${of} names an end that the network of the input does not have`);
  tell(rights, ({ text, of }) => `"${text}" is of a right that nothing in the input gives to ${of}`);
}

/** Users and groups are in no input. */
function isOfStranger({ of, what }: Attestation, state: State): boolean {
  const [kind = '', ...rest] = of.split('/');
  if (rest.length !== 2 || what.kind === 'connection' || state.objects.some(({ object }) => refIn(object) === of)) return false;
  return (
    kind !== 'ServiceAccount' || state.surroundings.users.every(({ account }) => account.split(':').slice(-2).join('/') !== rest.join('/'))
  );
}

/** Workloads are known as they are named there; addresses may be any. */
function isToStranger({ of, what }: Attestation, { world }: State): boolean {
  if (what.kind !== 'connection') return false;
  return [of, what.to].some((end) => end.includes('[') && world.pods.every(({ workload }) => workload !== end));
}

function tell([first, ...more]: readonly Attestation[], wordsOf: (one: Attestation) => string): void {
  if (first === undefined) return;
  const others = more.length > 0 ? `; and ${plural(more.length, 'more', 'more')} like it` : '';
  process.stderr.write(`${lineStart(printable(`castellan: attestation ${wordsOf(first)}${others}`))}\n`);
}
