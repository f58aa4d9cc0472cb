/** A credential as it may be shown: at most its first characters, and how long it is. */
export function maskSecret(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  const shown = text.length >= 12 ? text.slice(0, 3) : '';
  return `${shown}*** (${text.length} characters)`;
}
