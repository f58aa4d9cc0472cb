/**
 * 64-bit FNV-1a as 16 hexadecimal digits: short names for things that nobody forges, such as fingerprints of
 * findings. Two 32-bit lanes, since JavaScript has no 64-bit integers outside of BigInt.
 */
export function shortHash(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let index = 0; index < text.length; index += 1) {
    low = (low ^ text.charCodeAt(index)) >>> 0;
    // (high, low) * 0x100000001b3, modulo 2^64
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x100000000);
    high = (Math.imul(high, 0x1b3) + Math.imul(low, 0x100) + carry) >>> 0;
    low = product >>> 0;
  }
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
