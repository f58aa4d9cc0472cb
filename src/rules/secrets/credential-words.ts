/** How the finding of a credential is told; the value itself is never part of it. */
import type { Credential } from '../../lib/credentials.ts';
import type { Severity } from '../finding.ts';

const SEVERITY: Readonly<Record<Credential['by'], Severity>> = { form: 'high', name: 'high', guess: 'medium', placeholder: 'low' };

export function severityOf(credential: Credential): Severity {
  return SEVERITY[credential.by];
}

/** `a password`, `what looks like a key`, `a placeholder for a password`. */
export function credentialText({ kind, by }: Credential): string {
  const article = /^(?:[AEIOU]|api|encr)/i.test(kind) && !/^(?:U|one)/i.test(kind) ? 'an' : 'a';
  if (by === 'placeholder') return `a placeholder for ${article} ${kind}`;
  return by === 'guess' ? `what looks like ${article} ${kind}` : `${article} ${kind}`;
}
