/** What a page of ours may do: run this very style and this very script, and nothing that came in with the data. */
import { createHash } from 'node:crypto';

export function securityPolicy({ style, script }: { style: string; script: string }): string {
  return `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
