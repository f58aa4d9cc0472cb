import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirm } from './confirm.ts';

function terminal(isTTY = true): NodeJS.ReadStream & NodeJS.WriteStream & PassThrough {
  return Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream & NodeJS.WriteStream & PassThrough;
}

async function answered(text: string | undefined): Promise<string> {
  const [input, output] = [terminal(), terminal()];
  const asked = confirm({ yes: undefined, what: 'it writes', input, output });
  if (text === undefined) input.end();
  else input.write(text);
  await asked;
  return String(output.read());
}

describe('asking first', () => {
  it.each(['y\n', 'yes\n', ' Y \n', 'YES\r\n'])('takes %j for yes', async (text) => {
    expect(await answered(text)).toBe('Go on? [y/N] ');
  });

  it.each(['\n', 'n\n', 'yeah\n', 'no y\n', undefined])('takes %j for no', async (text) => {
    await expect(answered(text)).rejects.toMatchObject({ code: 'CAS_NOT_CONFIRMED', message: 'it writes, and the answer was not yes' });
  });

  it.each<[string, boolean, boolean]>([
    ['nobody to answer', false, true],
    ['nobody to see the question', true, false],
  ])('refuses with %s', async (_name, canAnswer, canSee) => {
    const asked = confirm({ yes: undefined, what: 'it writes', input: terminal(canAnswer), output: terminal(canSee) });
    await expect(asked).rejects.toMatchObject({ code: 'CAS_NOT_CONFIRMED', message: expect.stringContaining('no terminal') as string });
  });

  it('ends when it is interrupted', async () => {
    const stop = new AbortController();
    const asked = confirm({ yes: undefined, what: 'it writes', signal: stop.signal, input: terminal(), output: terminal() });
    stop.abort(new Error('interrupted'));
    await expect(asked).rejects.toThrow('interrupted');
  });

  it('does not ask with --yes', async () => {
    const output = terminal(false);
    await confirm({ yes: true, what: 'it writes', input: terminal(false), output });
    expect(output.read()).toBeNull();
  });
});
