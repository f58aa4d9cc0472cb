/** Attestations about somebody who is not in the input: a name that is misspelt would be passed over without a word. */
import { type Evidence, type State, refIn } from '../changes/index.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';

/** Each is named on standard error. Users and groups are in no input, and ends of connections have names of their own. */
export function tellStray({ attestations }: Evidence, state: State, quiet: boolean | undefined): void {
  if (attestations === undefined || quiet === true) return;
  const accounts = new Set(state.surroundings.users.map(({ account }) => account.split(':').slice(-2).join('/')));
  const known = new Set(state.objects.map(({ object }) => refIn(object)));
  const stray = attestations.valid.filter(({ of }) => {
    const [kind = '', ...rest] = of.split('/');
    if (rest.length !== 2 || known.has(of)) return false;
    return kind !== 'ServiceAccount' || !accounts.has(rest.join('/'));
  });
  const [first, ...more] = stray;
  if (first === undefined) return;
  const others = more.length > 0 ? `; so do ${plural(more.length, 'more')}` : '';
  process.stderr.write(
    `${lineStart(printable(`castellan: attestation "${first.text}" is of ${first.of}, which the input does not hold${others}`))}\n`,
  );
}
