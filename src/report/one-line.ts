import { clip, printable } from '../lib/terminal.ts';

/** One line of harmless text, and not ten thousand characters of it. */
export function oneLine(text: string, most = 1000): string {
  return clip(printable(text), most);
}
