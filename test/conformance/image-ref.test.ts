/** Image references against the public test tables of distribution/reference. */
import { describe, expect, it } from 'vitest';
import {
  type ImageReference,
  type InvalidReference,
  familiarName,
  isValid,
  nameOf,
  parseAnyImage,
  parseImage,
  parseReference,
  withDefaultTag,
} from '../../src/engines/image-ref/index.ts';
import { isHere, readJson } from './corpora.ts';

const FILE = 'corpora/images/refs/references.json';

interface Case {
  kind: string;
  input: string;
  expected: unknown;
  valid?: boolean;
  error?: string | null;
}

const CASES: readonly Case[] = isHere(FILE) ? (readJson(FILE) as Case[]) : [];

/** What our answer is called in the tables. */
const ERRORS: Readonly<Record<string, string>> = {
  empty: 'ErrNameEmpty',
  format: 'ErrReferenceInvalidFormat',
  uppercase: 'ErrNameContainsUppercase',
  'too-long': 'ErrNameTooLong',
  'digest-algorithm': 'digest.ErrDigestUnsupported',
  'digest-length': 'digest.ErrDigestInvalidLength',
  'digest-format': 'digest.ErrDigestInvalidFormat',
};

const ANSWERS: Readonly<Record<string, (test: Case) => [actual: unknown, expected: unknown]>> = {
  // The test program of the library links SHA-256 alone; the kubelet links the others as well.
  parse: ({ input, expected, error }) => [raw(parseReference(input, ['sha256'])), error === null ? expected : error],
  normalize: ({ input, expected }) => [text(parseImage(input), withDefaultTag), expected],
  'normalize-any': ({ input, expected }) => [text(parseAnyImage(input)), expected],
  familiar: ({ input, expected }) => [names(parseImage(input)), expected],
  'split-normalized': ({ input, expected }) => [split(parseImage(input)), expected],
  'split-raw': ({ input, expected }) => [split(parseReference(input)), expected],
  'valid-name': ({ input, expected }) => [isValid(parseImage(input)), expected],
  'valid-remote-name': ({ input, expected }) => [isValid(parseImage(input)), expected],
  'valid-domain': ({ input, expected }) => [hasDomain(input), expected],
  'name-regexp': ({ input, expected }) => [groups(input, expected), expected],
};

/** Of other libraries, or an operation that reading an image does not need. */
const NOT_OURS = /^(strictness-.*|scheme|rfc1918|kyverno-.*|match|with-tag|identifier|reference-regexp)$/;

describe.skipIf(CASES.length === 0)('image references (needs ../shared/corpora/images)', () => {
  it('knows every kind of case', () => {
    const unknown = CASES.filter(({ kind }) => !(kind in ANSWERS) && !NOT_OURS.test(kind)).map(({ kind }) => kind);
    expect(unknown).toEqual([]);
  });
  it.each(CASES.filter(({ kind }) => kind in ANSWERS).map((test) => [test.kind, test.input, test] as const))(
    '%s %j',
    (kind, _input, test) => {
      const [actual, expected] = ANSWERS[kind]?.(test) ?? [];
      expect(actual).toEqual(expected);
    },
  );
});

function raw(parsed: ImageReference | InvalidReference): unknown {
  if (!isValid(parsed)) return ERRORS[parsed.invalid];
  const { domain, tag, digest } = parsed;
  return {
    repository: nameOf(parsed),
    ...(domain !== '' && { domain }),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

function text(parsed: ImageReference | InvalidReference, then = (reference: ImageReference): ImageReference => reference): string {
  if (!isValid(parsed)) return parsed.invalid;
  const reference = then(parsed);
  if (reference.path === '') return reference.digest ?? '';
  return (
    nameOf(reference) +
    (reference.tag === undefined ? '' : `:${reference.tag}`) +
    (reference.digest === undefined ? '' : `@${reference.digest}`)
  );
}

function names(parsed: ImageReference | InvalidReference): unknown {
  if (!isValid(parsed)) return parsed.invalid;
  return { domain: parsed.domain, path: parsed.path, familiar: familiarName(parsed), full: nameOf(parsed) };
}

function split(parsed: ImageReference | InvalidReference): unknown {
  return isValid(parsed) ? { domain: parsed.domain, path: parsed.path } : parsed.invalid;
}

function hasDomain(domain: string): boolean {
  const parsed = parseReference(`${domain}/a`);
  return isValid(parsed) && parsed.domain === domain;
}

/** The groups are not told for every name that matches. */
function groups(input: string, expected: unknown): unknown {
  const parsed = parseReference(input);
  // A name that ends in a port is one with a tag to the whole grammar.
  if (!isValid(parsed) || parsed.tag !== undefined || parsed.digest !== undefined) return { match: false, groups: null };
  const told = (expected as { groups: unknown }).groups !== null;
  return { match: true, groups: told ? [parsed.domain, parsed.path] : null };
}
