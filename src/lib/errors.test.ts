import { describe, expect, it } from 'vitest';
import { CastellanError, ERRORS, type ErrorCode, messageOf } from './errors.ts';

describe('CastellanError', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])('%s has an exit code and a remedy', (code) => {
    const error = new CastellanError(code, 'it went wrong');
    expect(error.message).toBe('it went wrong');
    expect(error.exit).toBe(ERRORS[code].exit);
    expect(error.remedy).toMatch(/^\S.*\.$/);
    expect(code).toMatch(/^CAS_[A-Z_]+$/);
  });

  it('takes a sharper remedy and the cause', () => {
    const cause = new Error('below');
    const error = new CastellanError('CAS_USAGE', 'no', { cause, remedy: 'Do it so.' });
    expect(error.remedy).toBe('Do it so.');
    expect(error.cause).toBe(cause);
  });
});

describe('messageOf', () => {
  it.each<[unknown, string]>([
    [new Error('one\ntwo'), 'one'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [new Error(''), ''],
  ])('%s', (thrown, message) => expect(messageOf(thrown)).toBe(message));
});
