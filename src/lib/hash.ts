/**
 * 64-bit FNV-1a as 16 hexadecimal digits: short names for things that nobody forges, such as fingerprints of
 * findings. Two 32-bit lanes, since JavaScript has no 64-bit integers outside of BigInt.
 */
export interface HashState {
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

export function hashAfter(state: HashState, text: string): string {
  return finish(mix(state, text));
}

function mix(state: HashState, text: string): HashState {
  let { high, low } = state;
  for (let index = 0; index < text.length; index += 1) {
    low = (low ^ text.charCodeAt(index)) >>> 0;
    // (high, low) * 0x100000001b3, modulo 2^64
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + (low << 8) + Math.floor(product / 0x100000000)) >>> 0;
    low = product >>> 0;
  }
  return { high, low };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function finish({ high, low }: HashState): string {
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}
