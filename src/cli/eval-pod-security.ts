export function evalPodSecurity(_input: Record<string, unknown>): Record<string, unknown> {
  return {};
}
