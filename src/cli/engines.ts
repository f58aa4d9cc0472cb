/** The engines of `castellan eval`; kept apart so that help and completion need not load them. */
export const ENGINE_NAMES = ['pod-security', 'rules', 'audit-policy', 'request-info', 'network', 'rbac', 'paths'] as const;
