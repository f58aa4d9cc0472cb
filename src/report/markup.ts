/** Text inside XML and HTML: what is scanned is hostile, and XML 1.0 has no way at all to write control characters. */
import { printable } from '../lib/terminal.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For element text and for attribute values in quotes, in XML 1.0 as well as in HTML. */
export function escapeMarkup(text: string): string {
  return printable(text)
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}
