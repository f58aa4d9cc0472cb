/**
 * The audit policy that proofs need: every request of whoever it is, once, without bodies. Bodies are kept of what says
 * nothing without them and holds no secret: access reviews, bindings of roles, approvals of certificates.
 */

export const RECORDING_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  omitManagedFields: true,
  rules: [
    { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*'] },
    {
      level: 'RequestResponse',
      verbs: ['create'],
      resources: [
        { group: 'authorization.k8s.io', resources: ['subjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectaccessreviews'] },
      ],
    },
    {
      level: 'Request',
      verbs: ['create', 'update', 'patch'],
      resources: [
        { group: 'rbac.authorization.k8s.io', resources: ['rolebindings', 'clusterrolebindings'] },
        { group: 'certificates.k8s.io', resources: ['certificatesigningrequests/approval'] },
      ],
    },
    { level: 'Metadata' },
  ],
} as const;

/** Above what stands in the policy. */
export const POLICY_COMMENTS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '',
    [
      'What castellan needs to prove that a right is not used: every request once, who and what; bodies of reviews, bindings and approvals only.',
    ],
  ],
  ['omitStages', ['Of each request only its answer; of a watch also its beginning.']],
  ['rules[0]', ['Probes of the servers themselves. A right to these paths is never proved unused.']],
  ['rules[1]', ['What a component asks about others stands in the body.']],
  ['rules[2]', ['So does which role is bound, and which signer approved.']],
  ['rules[3]', ['All else, reads too: what is not logged cannot be proved unused. Leases of nodes show that no hour is missing.']],
]);
