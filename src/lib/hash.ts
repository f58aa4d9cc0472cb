/**
 * 64-bit FNV-1a as 16 hexadecimal digits: short names for things that nobody forges, such as fingerprints of
 * findings. JavaScript has no 64-bit integers outside of BigInt, so a state is two words.
 */
export interface HashState {
  /** 32 bits each, with or without a sign. */
  readonly high: number;
  readonly low: number;
}

const START: HashState = { high: 0xcbf29ce4, low: 0x84222325 };

export function shortHash(text: string): string {
  return finish(mix(START, text));
}

/** The state after a text that many others begin with: `hashAfter(state, rest)` then costs only the rest. */
export function hashState(text: string): HashState {
  return mix(START, text);
}

/** Of several texts as of one: to put them together takes longer. */
// oxlint-disable-next-line max-params -- called for every finding; a list of its texts would be garbage
export function hashAfter(state: HashState, text: string, second = '', third = ''): string {
  return finish(mix(mix(mix(state, text), second), third));
}

/** Times 0x100000001b3 for each character, in four digits of 16 bits: no product is then larger than a small integer of the engine. */
function mix(state: HashState, text: string): HashState {
  if (text === '') return state;
  let digit0 = state.low & 0xffff;
  let digit1 = state.low >>> 16;
  let digit2 = state.high & 0xffff;
  let digit3 = state.high >>> 16;
  for (let index = 0; index < text.length; index += 1) {
    digit0 ^= text.charCodeAt(index);
    // What 2^40 brings into the two upper digits.
    const shifted2 = (digit0 & 0xff) << 8;
    const shifted3 = (digit0 >>> 8) | ((digit1 & 0xff) << 8);
    digit0 *= 0x1b3;
    digit1 = digit1 * 0x1b3 + (digit0 >>> 16);
    digit2 = digit2 * 0x1b3 + shifted2 + (digit1 >>> 16);
    digit3 = (digit3 * 0x1b3 + shifted3 + (digit2 >>> 16)) & 0xffff;
    digit0 &= 0xffff;
    digit1 &= 0xffff;
    digit2 &= 0xffff;
  }
  return { high: (digit3 << 16) | digit2, low: (digit1 << 16) | digit0 };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function finish({ high, low }: HashState): string {
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}
