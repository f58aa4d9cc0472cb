/**
 * The rights that Kubernetes gives its own parts, as the API servers of two releases write them when they start; cluster
 * tests compare the table with both. A line without indent names a role, the lines below it are its rules: verbs, groups
 * (`core` is the one without a name), resources, names; or verbs and URLs. `<` stands before what only the older release
 * has, `>` before what only the newer one has.
 */
export const OLDER_RELEASE = 31;
export const NEWER_RELEASE = 36;

export const COMPONENT_ROLES = `
ClusterRole system:auth-delegator
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
ClusterRole system:basic-user
  create | authentication.k8s.io | selfsubjectreviews
  create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews
ClusterRole system:certificates.k8s.io:certificatesigningrequests:nodeclient
  create | certificates.k8s.io | certificatesigningrequests/nodeclient
ClusterRole system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
  create | certificates.k8s.io | certificatesigningrequests/selfnodeclient
ClusterRole system:certificates.k8s.io:kube-apiserver-client-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client
ClusterRole system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
ClusterRole system:certificates.k8s.io:kubelet-serving-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kubelet-serving
ClusterRole system:certificates.k8s.io:legacy-unknown-approver
  approve | certificates.k8s.io | signers | kubernetes.io/legacy-unknown
ClusterRole system:controller:attachdetach-controller
  create delete get list watch | storage.k8s.io | volumeattachments
  create patch update | core events.k8s.io | events
  get list watch | core | nodes
  get list watch | storage.k8s.io | csidrivers
  get list watch | storage.k8s.io | csinodes
  list watch | core | persistentvolumeclaims persistentvolumes
  list watch | core | pods
  patch update | core | nodes/status
ClusterRole system:controller:certificate-controller
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
  create patch update | core events.k8s.io | events
  create | authorization.k8s.io | subjectaccessreviews
  delete get list watch | certificates.k8s.io | certificatesigningrequests
  sign | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown
  update | certificates.k8s.io | certificatesigningrequests/approval certificatesigningrequests/status
ClusterRole system:controller:clusterrole-aggregation-controller
  escalate get list patch update watch | rbac.authorization.k8s.io | clusterroles
ClusterRole system:controller:cronjob-controller
  create delete get list patch update watch | batch | jobs
  create patch update | core events.k8s.io | events
  > delete list watch | core | pods
  < delete list | core | pods
  get list update watch | batch | cronjobs
  update | batch | cronjobs/finalizers
  update | batch | cronjobs/status
ClusterRole system:controller:daemon-set-controller
  create delete get list patch update watch | apps | controllerrevisions
  create delete list patch watch | core | pods
  create patch update | core events.k8s.io | events
  create | core | pods/binding
  get list watch | apps extensions | daemonsets
  list watch | core | nodes
  update | apps extensions | daemonsets/finalizers
  update | apps extensions | daemonsets/status
ClusterRole system:controller:deployment-controller
  create delete get list patch update watch | apps extensions | replicasets
  create patch update | core events.k8s.io | events
  get list update watch | apps extensions | deployments
  get list update watch | core | pods
  update | apps extensions | deployments/finalizers
  update | apps extensions | deployments/status
> ClusterRole system:controller:device-taint-eviction-controller
  create patch update | core events.k8s.io | events
  delete get list watch | core | pods
  get list watch | resource.k8s.io | deviceclasses
  get list watch | resource.k8s.io | resourceclaims
  get list watch | resource.k8s.io | resourceslices
  patch update | core | pods/status
ClusterRole system:controller:disruption-controller
  create patch update | core events.k8s.io | events
  get list watch | apps extensions | deployments
  get list watch | apps extensions | replicasets
  get list watch | apps | statefulsets
  get list watch | core | replicationcontrollers
  get list watch | policy | poddisruptionbudgets
  get | * | */scale
  patch update | core | pods/status
  update | policy | poddisruptionbudgets/status
ClusterRole system:controller:endpoint-controller
  > create delete get list update watch | core | endpoints
  < create delete get list update | core | endpoints
  create patch update | core events.k8s.io | events
  create | core | endpoints/restricted
  get list watch | core | pods services
ClusterRole system:controller:endpointslice-controller
  > create delete get list update watch | discovery.k8s.io | endpointslices
  < create delete get list update | discovery.k8s.io | endpointslices
  create patch update | core events.k8s.io | events
  get list watch | core | nodes pods services
  update | core | services/finalizers
ClusterRole system:controller:endpointslicemirroring-controller
  > create delete get list update watch | discovery.k8s.io | endpointslices
  < create delete get list update | discovery.k8s.io | endpointslices
  create patch update | core events.k8s.io | events
  get list watch | core | endpoints services
  update | core | endpoints/finalizers
  update | core | services/finalizers
ClusterRole system:controller:ephemeral-volume-controller
  create get list watch | core | persistentvolumeclaims
  create patch update | core events.k8s.io | events
  get list watch | core | pods
  update | core | pods/finalizers
ClusterRole system:controller:expand-controller
  create patch update | core events.k8s.io | events
  get list patch update watch | core | persistentvolumes
  get list watch | core | persistentvolumeclaims
  < get list watch | storage.k8s.io | storageclasses
  < get | core | endpoints services
  < get | core | secrets
  patch update | core | persistentvolumeclaims/status
ClusterRole system:controller:generic-garbage-collector
  create patch update | core events.k8s.io | events
  delete get list patch update watch | * | *
ClusterRole system:controller:horizontal-pod-autoscaler
  create patch update | core events.k8s.io | events
  get list watch | autoscaling | horizontalpodautoscalers
  > get list watch | custom.metrics.k8s.io | *
  > get list watch | external.metrics.k8s.io | *
  < get list | custom.metrics.k8s.io | *
  < get list | external.metrics.k8s.io | *
  get update | * | */scale
  > list watch | core | pods
  > list watch | metrics.k8s.io | pods
  < list | core | pods
  < list | metrics.k8s.io | pods
  update | autoscaling | horizontalpodautoscalers/status
ClusterRole system:controller:job-controller
  create delete list patch watch | core | pods
  create patch update | core events.k8s.io | events
  get list patch update watch | batch | jobs
  update | batch | jobs/finalizers
  update | batch | jobs/status
ClusterRole system:controller:legacy-service-account-token-cleaner
  delete patch | core | secrets
  get | core | configmaps | kube-apiserver-legacy-service-account-token-tracking
ClusterRole system:controller:namespace-controller
  > delete deletecollection get list watch | * | *
  < delete deletecollection get list | * | *
  delete get list watch | core | namespaces
  update | core | namespaces/finalize namespaces/status
ClusterRole system:controller:node-controller
  create patch update | core events.k8s.io | events
  > delete get list patch update watch | core | nodes
  < delete get list patch update | core | nodes
  > delete get list watch | core | pods
  < delete get list | core | pods
  patch update | core | nodes/status
  patch update | core | pods/status
ClusterRole system:controller:persistent-volume-binder
  create delete get list update watch | core | persistentvolumes
  create delete get list watch | core | pods
  < create delete get update | core | endpoints
  < create delete get | core | services
  create patch update | core events.k8s.io | events
  get list update watch | core | persistentvolumeclaims
  get list watch | storage.k8s.io | storageclasses
  < get list | core | nodes
  < get | core | secrets
  > list watch | core | nodes
  update | core | persistentvolumeclaims/status
  update | core | persistentvolumes/status
  watch | core | events
ClusterRole system:controller:pod-garbage-collector
  delete list watch | core | pods
  > get list watch | core | nodes
  < get list | core | nodes
  patch | core | pods/status
ClusterRole system:controller:pv-protection-controller
  create patch update | core events.k8s.io | events
  get list update watch | core | persistentvolumes
ClusterRole system:controller:pvc-protection-controller
  create patch update | core events.k8s.io | events
  get list update watch | core | persistentvolumeclaims
  get list watch | core | pods
  > update | core | persistentvolumeclaims/status
ClusterRole system:controller:replicaset-controller
  create delete list patch watch | core | pods
  create patch update | core events.k8s.io | events
  get list update watch | apps extensions | replicasets
  update | apps extensions | replicasets/finalizers
  update | apps extensions | replicasets/status
ClusterRole system:controller:replication-controller
  create delete list patch watch | core | pods
  create patch update | core events.k8s.io | events
  get list update watch | core | replicationcontrollers
  update | core | replicationcontrollers/finalizers
  update | core | replicationcontrollers/status
> ClusterRole system:controller:resource-claim-controller
  create delete get list watch | resource.k8s.io | resourceclaims
  create patch update | core events.k8s.io | events
  get list watch | core | pods
  patch update | core | pods/status
  patch update | resource.k8s.io | resourceclaims resourceclaims/status
  patch update | resource.k8s.io | resourceclaims/binding
  update | core | pods/finalizers
ClusterRole system:controller:resourcequota-controller
  create patch update | core events.k8s.io | events
  list watch | * | *
  update | core | resourcequotas/status
ClusterRole system:controller:root-ca-cert-publisher
  create patch update | core events.k8s.io | events
  create update | core | configmaps
ClusterRole system:controller:route-controller
  create patch update | core events.k8s.io | events
  list watch | core | nodes
  patch | core | nodes/status
> ClusterRole system:controller:selinux-warning-controller
  create patch update | core events.k8s.io | events
  get list watch | core | persistentvolumeclaims
  get list watch | core | persistentvolumes
  get list watch | core | pods
  get list watch | storage.k8s.io | csidrivers
ClusterRole system:controller:service-account-controller
  create patch update | core events.k8s.io | events
  create | core | serviceaccounts
> ClusterRole system:controller:service-cidrs-controller
  create patch update | core events.k8s.io | events
  get list patch update watch | networking.k8s.io | servicecidrs
  get list watch | networking.k8s.io | ipaddresses
  patch update | networking.k8s.io | servicecidrs/finalizers
  patch update | networking.k8s.io | servicecidrs/status
ClusterRole system:controller:service-controller
  create patch update | core events.k8s.io | events
  get list watch | core | services
  list watch | core | nodes
  patch update | core | services/status
ClusterRole system:controller:statefulset-controller
  create delete get list patch update watch | apps | controllerrevisions
  create delete get patch update | core | pods
  > create get list watch | core | persistentvolumeclaims
  < create get | core | persistentvolumeclaims
  create patch update | core events.k8s.io | events
  delete update | core | persistentvolumeclaims
  get list watch | apps | statefulsets
  list watch | core | pods
  update | apps | statefulsets/finalizers
  update | apps | statefulsets/status
  > update | core | pods/finalizers
ClusterRole system:controller:ttl-after-finished-controller
  create patch update | core events.k8s.io | events
  delete get list watch | batch | jobs
ClusterRole system:controller:ttl-controller
  create patch update | core events.k8s.io | events
  list patch update watch | core | nodes
ClusterRole system:controller:validatingadmissionpolicy-status-controller
  create patch update | core events.k8s.io | events
  get list watch | admissionregistration.k8s.io | validatingadmissionpolicies
  get patch update | admissionregistration.k8s.io | validatingadmissionpolicies/status
> ClusterRole system:controller:volumeattributesclass-protection-controller
  create patch update | core events.k8s.io | events
  get list update watch | storage.k8s.io | volumeattributesclasses
  get list watch | core | persistentvolumeclaims
  get list watch | core | persistentvolumes
ClusterRole system:discovery
  get | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/
ClusterRole system:heapster
  get list watch | core | events namespaces nodes pods
  get list watch | extensions | deployments
ClusterRole system:kube-aggregator
  get list watch | core | endpoints services
ClusterRole system:kube-controller-manager
  create patch update | core events.k8s.io | events
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
  create | coordination.k8s.io | leases
  create | core | secrets serviceaccounts
  create | core | serviceaccounts/token
  delete | core | secrets
  get update | coordination.k8s.io | leases | kube-controller-manager
  get | core | configmaps namespaces secrets serviceaccounts
  list watch | * | *
  update | core | secrets serviceaccounts
ClusterRole system:kube-dns
  list watch | core | endpoints services
ClusterRole system:kube-scheduler
  create delete deletecollection get list patch update watch | coordination.k8s.io | leasecandidates
  > create delete | resource.k8s.io | resourceclaims
  create patch update | core events.k8s.io | events
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
  create | coordination.k8s.io | leases
  create | core | bindings pods/binding
  delete get list watch | core | pods
  > get list patch update watch | resource.k8s.io | resourceclaims
  > get list patch update watch | resource.k8s.io | resourceclaims/status
  get list update watch | coordination.k8s.io | leases | kube-scheduler
  get list watch | apps extensions | replicasets
  get list watch | apps | statefulsets
  get list watch | core | namespaces
  get list watch | core | nodes
  get list watch | core | persistentvolumeclaims persistentvolumes
  get list watch | core | replicationcontrollers services
  get list watch | policy | poddisruptionbudgets
  > get list watch | resource.k8s.io | deviceclasses
  > get list watch | resource.k8s.io | resourceslices
  get list watch | storage.k8s.io | csidrivers
  get list watch | storage.k8s.io | csinodes
  get list watch | storage.k8s.io | csistoragecapacities
  > get list watch | storage.k8s.io | volumeattachments
  patch update | core | pods/status
  > patch update | resource.k8s.io | resourceclaims/binding
  > update | core | pods/finalizers
ClusterRole system:kubelet-api-admin
  > * | core | nodes/configz nodes/healthz nodes/pods
  * | core | nodes/log nodes/metrics nodes/proxy nodes/stats
  get list watch | core | nodes
  proxy | core | nodes
ClusterRole system:monitoring
  > get | /flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz
  < get | /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*
  > get | core | nodes/metrics
ClusterRole system:node
  create delete get patch update | coordination.k8s.io | leases
  create delete get patch update | storage.k8s.io | csinodes
  create delete | core | pods
  create get list watch | certificates.k8s.io | certificatesigningrequests
  create get list watch | core | nodes
  > create patch update | core events.k8s.io | events
  < create patch update | core | events
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | localsubjectaccessreviews subjectaccessreviews
  create | core | pods/eviction
  create | core | serviceaccounts/token
  > deletecollection | resource.k8s.io | resourceslices
  get list watch | core | configmaps secrets
  get list watch | core | pods
  get list watch | core | services
  get list watch | node.k8s.io | runtimeclasses
  get list watch | storage.k8s.io | csidrivers
  get patch update | core | persistentvolumeclaims/status
  get | core | endpoints
  get | core | persistentvolumeclaims persistentvolumes
  > get | core | serviceaccounts
  > get | resource.k8s.io | resourceclaims
  get | storage.k8s.io | volumeattachments
  patch update | core | nodes
  patch update | core | nodes/status
  patch update | core | pods/status
ClusterRole system:node-bootstrapper
  create get list watch | certificates.k8s.io | certificatesigningrequests
ClusterRole system:node-problem-detector
  create patch update | core events.k8s.io | events
  get | core | nodes
  patch | core | nodes/status
ClusterRole system:node-proxier
  create patch update | core events.k8s.io | events
  get list watch | core | nodes
  list watch | core | endpoints services
  list watch | discovery.k8s.io | endpointslices
  > list watch | networking.k8s.io | servicecidrs
ClusterRole system:persistent-volume-provisioner
  create delete get list watch | core | persistentvolumes
  create patch update | core events.k8s.io | events
  get list update watch | core | persistentvolumeclaims
  get list watch | storage.k8s.io | storageclasses
  watch | core | events
ClusterRole system:public-info-viewer
  get | /healthz /livez /readyz /version /version/
ClusterRole system:service-account-issuer-discovery
  get | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/
ClusterRole system:volume-scheduler
  get list patch update watch | core | persistentvolumeclaims
  get list patch update watch | core | persistentvolumes
  get list watch | storage.k8s.io | storageclasses
Role kube-public/system:controller:bootstrap-signer
  create patch update | core events.k8s.io | events
  get list watch | core | configmaps
  update | core | configmaps | cluster-info
Role kube-system/extension-apiserver-authentication-reader
  get list watch | core | configmaps | extension-apiserver-authentication
Role kube-system/system::leader-locking-kube-controller-manager
  create get list update watch | coordination.k8s.io | leasecandidates
  create get list update watch | coordination.k8s.io | leases
  < get update | core | configmaps | kube-controller-manager
  < watch | core | configmaps
Role kube-system/system::leader-locking-kube-scheduler
  create get list update watch | coordination.k8s.io | leasecandidates
  create get list update watch | coordination.k8s.io | leases
  < get update | core | configmaps | kube-scheduler
  < watch | core | configmaps
Role kube-system/system:controller:bootstrap-signer
  get list watch | core | secrets
Role kube-system/system:controller:cloud-provider
  create get list watch | core | configmaps
Role kube-system/system:controller:token-cleaner
  create patch update | core events.k8s.io | events
  delete get list watch | core | secrets
`;
