/** Texts without anything that says whose they are: every word that is not Kubernetes' own becomes another one. */
import type { Pseudonyms } from './pseudonyms.ts';
import { KNOWN_DOMAINS, KNOWN_KEYS } from './known-keys.ts';
import { DOMAINS, FIELDS, FLAGS, KINDS_AND_GROUPS, PATHS, REGISTRIES, SYSTEM_NAMES, TAGS, VALUES } from './vocabulary.ts';

/** What is public although it is not of Kubernetes: well-known add-ons. */
export interface PublicNames {
  /** With host and path: `quay.io/cilium/cilium`. */
  images: ReadonlySet<string>;
  /** Of workloads and namespaces: `node-exporter`. */
  names: ReadonlySet<string>;
}

export const NOTHING_PUBLIC: PublicNames = { images: new Set(), names: new Set() };

/** Numbers, quantities, percentages, durations, versions of an API, times. */
const PLAIN =
  /^(?:[+-]?\d{1,9}(?:\.\d{1,6})?(?:m|u|n|k|[KMGTPE]i?|%|[eE][+-]?\d{1,3})?|(?:\d{1,6}(?:ns|us|ms|s|m|h))+|v\d{1,3}(?:\.\d{1,3})?(?:(?:alpha|beta)\d{1,3})?|\d{4}-\d\d-\d\dT[\d:.]+Z)$/;
const TOKEN = new RegExp(
  [
    String.raw`(?<mark>redacted-by-castellan:[\w.-]{1,60}:(?:form|name|guess|placeholder|hidden):\d{1,9})`,
    String.raw`(?<uuid>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)`,
    String.raw`(?<ip4>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.]))`,
    String.raw`(?<ip6>(?<![\w:])(?=[0-9a-fA-F:]*:[0-9a-fA-F:]*:)[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:\/\d{1,3})?(?![\w:]))`,
    String.raw`(?<words>[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*)`,
  ].join('|'),
  'gu',
);
/** Their last part is the name of a container. */
const NAMED_AFTER_CONTAINERS = /^container\.(?:apparmor\.security\.beta|seccomp\.security\.alpha)\.kubernetes\.io$/;
/** The volume that brings a token, as admission names it: a template is known again in its pods by that. */
const OF_ADMISSION = /^kube-api-access-[0-9a-z]{5}$/;
const LONGEST_LABEL = 63;
/** Longer numbers may be those of an account or a person; shorter ones are ports, replicas and ordinals. */
const LONGEST_NUMBER = 5;
const MOST_KNOWN = 200_000;

export class AnonymousText {
  readonly #pseudonyms: Pseudonyms;
  readonly #public: PublicNames;
  readonly #known = new Map<string, string>();

  constructor(pseudonyms: Pseudonyms, known: PublicNames) {
    this.#pseudonyms = pseudonyms;
    this.#public = known;
  }

  /** Any text: what stands between words stays, so that what refers to a name still refers to it. */
  of(text: string, alsoKept?: ReadonlySet<string>): string {
    // Pods say the same things thousands of times over.
    if (alsoKept !== undefined) return this.#replaced(text, alsoKept);
    let known = this.#known.get(text);
    if (known === undefined) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(text, (known = this.#replaced(text)));
    }
    return known;
  }

  #replaced(text: string, alsoKept?: ReadonlySet<string>): string {
    if (text === '' || isOwnWord(text) || PLAIN.test(text) || this.#public.names.has(text)) return text;
    const prefix = /^system:(?:serviceaccounts?:|node:|bootstrap:)?/.exec(text)?.[0] ?? '';
    const rest = text.slice(prefix.length);
    return (
      prefix +
      rest.replaceAll(TOKEN, (token: string, ...found: unknown[]) => {
        const groups = found.at(-1) as Record<string, string | undefined>;
        const at = found.at(-3) as number;
        if (groups.mark !== undefined) return token;
        if (groups.uuid !== undefined) return this.#pseudonyms.uuid(token);
        if (groups.ip4 !== undefined) return this.#ip4(token);
        if (groups.ip6 !== undefined) return this.#ip6(token);
        if (alsoKept?.has(token) === true || (rest[at - 1] === '/' && PATHS.has(token)) || isOwnWord(token)) return token;
        return token
          .split('.')
          .map((word) => this.#word(word))
          .join('.');
      })
    );
  }

  /** The key of a label, an annotation or an entry, or the name of a field. */
  key(key: string): string {
    if (FIELDS.has(key) || KNOWN_KEYS.has(key) || VALUES.has(key)) return key;
    const [, className = '', quota] = /^(.+)(\.storageclass\.storage\.k8s\.io\/.+)$/.exec(key) ?? [];
    if (quota !== undefined) return this.of(className) + quota;
    const slash = key.lastIndexOf('/');
    if (slash < 0) return this.of(key);
    const domain = key.slice(0, slash);
    // Below a domain that everybody knows somebody may have put a name of theirs.
    const isKnown = KNOWN_DOMAINS.has(domain) || DOMAINS.has(domain) || NAMED_AFTER_CONTAINERS.test(domain);
    return `${isKnown ? domain : this.of(domain)}/${this.of(key.slice(slash + 1))}`;
  }

  /** Host, repository, tag and digest each become another one; what a judgement asks of them stays: which are there, whether a tag moves. */
  image(image: string): string {
    if (image.includes(' ') || image.includes('://')) return this.of(image);
    const [name = '', digest] = image.split('@', 2);
    const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
    const repository = colon < 0 ? name : name.slice(0, colon);
    const tag = colon < 0 ? undefined : name.slice(colon + 1);
    const isPublic = this.#isPublic(repository);
    const shownTag = tag === undefined ? '' : `:${isPublic ? tag : this.#tag(tag)}`;
    const shownDigest = digest === undefined ? '' : `@${digest.replace(/[0-9a-f]{16,}/i, (hex) => this.#pseudonyms.hex(hex))}`;
    return (isPublic ? repository : this.#repository(repository)) + shownTag + shownDigest;
  }

  /** A text of somebody's, of which only the number of lines and the marks of credentials matter. */
  lines(text: string): string {
    if (VALUES.has(text) || PLAIN.test(text)) return text;
    return text
      .split('\n')
      .map((line) => {
        if (line.trim() === '') return '';
        const marks = line.match(/redacted-by-castellan:[\w.-]{1,60}:(?:form|name|guess|placeholder|hidden):\d{1,9}/g) ?? [];
        return [this.#pseudonyms.word(`line ${line}`), ...marks].join(marks.length > 0 ? ': ' : '');
      })
      .join('\n');
  }

  #word(token: string): string {
    if (OF_ADMISSION.test(token)) return token;
    const [dashes = ''] = /^-*/.exec(token) ?? [];
    const word = token.slice(dashes.length);
    if (dashes !== '' && (FLAGS.has(word) || word.length <= 2)) return token;
    if (word.length <= 1 || isOwnWord(word) || this.#public.names.has(word) || PLAIN.test(word)) return token;
    if (word.length > LONGEST_LABEL && /^[\w-]+$/.test(word)) return dashes + this.#pseudonyms.word(word);
    const replaced = this.#parts(word);
    return dashes + (replaced.length > LONGEST_LABEL ? this.#pseudonyms.word(word) : replaced);
  }

  /** Part by part between hyphens, since names are made of names: a pod's of its ReplicaSet's, a claim's of its pod's. */
  #parts(word: string): string {
    const address = /(?<!\d)\d{1,3}(?:-\d{1,3}){3}(?!\d)/.exec(word)?.[0];
    if (address !== undefined)
      return word
        .split(address)
        .map((part) => (part === '' ? '' : this.#parts(part)))
        .join(this.#ip4(address.replaceAll('-', '.')).replaceAll('.', '-'));
    const parts = word.split(/([-_]+)/);
    let text = '';
    for (let at = 0; at < parts.length;) {
      const length = this.#publicParts(parts, at);
      text += length > 0 ? parts.slice(at, at + length).join('') : this.#part(parts[at] ?? '');
      at += Math.max(length, 1);
    }
    return text;
  }

  /** How many parts from here on are together the name of something public. */
  #publicParts(parts: readonly string[], at: number): number {
    if (this.#public.names.size === 0 || at % 2 === 1) return 0;
    for (let length = Math.min(7, parts.length - at); length > 0; length -= 1) {
      if (this.#public.names.has(parts.slice(at, at + length).join(''))) return length;
    }
    return 0;
  }

  #part(part: string): string {
    if (part.length <= 1 || /^[-_]+$/.test(part)) return part;
    if (/^\d+$/.test(part)) return part.length <= LONGEST_NUMBER ? part : this.#pseudonyms.digits(part);
    return this.#pseudonyms.word(part);
  }

  #repository(repository: string): string {
    const [first = '', ...rest] = repository.split('/');
    const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
    const path = (isHost ? rest : [first, ...rest]).map((part) => (part === 'library' ? part : this.#imagePart(part)));
    return isHost ? [REGISTRIES.has(first) ? first : this.of(first), ...path].join('/') : path.join('/');
  }

  /** Of a path of images no word is Kubernetes' own: `data` and `jobs` would be somebody's. */
  #imagePart(part: string): string {
    return part.replaceAll(/[^.]+/g, (word) => this.#parts(word));
  }

  #isPublic(repository: string): boolean {
    const [host = '', ...rest] = repository.split('/');
    const whole = /[.:]/.test(host) && rest.length > 0 ? repository : `docker.io/${rest.length === 0 ? 'library/' : ''}${repository}`;
    return host === 'registry.k8s.io' || host === 'k8s.gcr.io' || this.#public.images.has(whole);
  }

  #tag(tag: string): string {
    return tag.replaceAll(/\d+|[a-zA-Z]+/g, (part) => {
      if (/^\d/.test(part)) return this.#pseudonyms.digits(part);
      return TAGS.has(part.toLowerCase()) || part.length <= 1 ? part : this.#pseudonyms.word(part);
    });
  }

  #ip4(text: string): string {
    const [address = '', length] = text.split('/');
    const numbers = address.split('.').map(Number);
    const [a = 0, b = 0] = numbers;
    const special = a === 0 || a === 127 || a === 255 || (a === 169 && b === 254) || numbers.some((number) => number > 255);
    if (special || length === '0') return text;
    // Whether an address is private is asked of it.
    const kept = a === 10 || a === 100 ? 1 : (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) ? 2 : 0;
    const mapped = this.#pseudonyms.address(numbers, 8, kept);
    if (kept === 0) mapped[0] = 11 + ((mapped[0] ?? 0) % 80);
    return length === undefined ? mapped.join('.') : `${masked(mapped, 8, Number(length)).join('.')}/${length}`;
  }

  #ip6(text: string): string {
    if (/^(?:::|::1)(?:\/\d+)?$/.test(text)) return text;
    const [address = '', length] = text.split('/');
    const [head = '', tail] = address.split('::', 2);
    const numbersOf = (part: string): number[] =>
      part
        .split(':')
        .filter((group) => group !== '')
        .map((group) => Number.parseInt(group, 16));
    const before = numbersOf(head);
    const after = numbersOf(tail ?? '');
    const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
    const numbers = [...before, ...Array.from({ length: missing }, () => 0), ...after];
    const mapped = this.#pseudonyms.address(numbers, 16, 1);
    const shown = length === undefined ? mapped : masked(mapped, 16, Number(length));
    return shown.map((number) => number.toString(16)).join(':') + (length === undefined ? '' : `/${length}`);
  }
}

/** A word that stands for itself wherever it stands. */
function isOwnWord(text: string): boolean {
  return VALUES.has(text) || KINDS_AND_GROUPS.has(text) || SYSTEM_NAMES.has(text);
}

function masked(numbers: readonly number[], bits: number, length: number): number[] {
  return numbers.map((number, index) => {
    const own = Math.min(Math.max(length - index * bits, 0), bits);
    return own === bits ? number : number & ~(2 ** (bits - own) - 1);
  });
}
