/** Keys of labels and annotations that anybody may use, in full: below a known domain people choose names of their own. */
import { words } from './words.ts';

export const KNOWN_KEYS = words(`
  app k8s-app component tier run pod-template-hash controller-revision-hash pod-template-generation controller-uid job-name
  addonmanager.kubernetes.io/mode app.kubernetes.io/component app.kubernetes.io/created-by app.kubernetes.io/instance
  app.kubernetes.io/managed-by app.kubernetes.io/name app.kubernetes.io/part-of app.kubernetes.io/version
  apps.kubernetes.io/pod-index autoscaling.alpha.kubernetes.io/conditions autoscaling.alpha.kubernetes.io/metrics
  batch.kubernetes.io/controller-uid batch.kubernetes.io/cronjob-scheduled-timestamp batch.kubernetes.io/job-completion-index
  batch.kubernetes.io/job-name batch.kubernetes.io/job-tracking beta.kubernetes.io/arch beta.kubernetes.io/instance-type
  beta.kubernetes.io/os cluster-autoscaler.kubernetes.io/safe-to-evict control-plane.alpha.kubernetes.io/leader
  deployment.kubernetes.io/desired-replicas deployment.kubernetes.io/max-replicas deployment.kubernetes.io/revision
  deprecated.daemonset.template.generation endpoints.kubernetes.io/last-change-trigger-time endpointslice.kubernetes.io/managed-by
  endpointslice.kubernetes.io/skip-mirror external-dns.alpha.kubernetes.io/hostname failure-domain.beta.kubernetes.io/region
  failure-domain.beta.kubernetes.io/zone ingressclass.kubernetes.io/is-default-class kubeadm.alpha.kubernetes.io/cri-socket
  kubectl.kubernetes.io/default-container kubectl.kubernetes.io/last-applied-configuration kubectl.kubernetes.io/restartedAt
  kubernetes.io/arch kubernetes.io/bootstrapping kubernetes.io/change-cause kubernetes.io/cluster-service kubernetes.io/config.hash
  kubernetes.io/config.mirror kubernetes.io/config.seen kubernetes.io/config.source kubernetes.io/description
  kubernetes.io/egress-bandwidth kubernetes.io/hostname kubernetes.io/ingress-bandwidth kubernetes.io/ingress.class
  kubernetes.io/legacy-token-invalid-since kubernetes.io/legacy-token-last-used kubernetes.io/metadata.name kubernetes.io/name
  kubernetes.io/os kubernetes.io/service-account.name kubernetes.io/service-account.uid node-role.kubernetes.io/control-plane
  node-role.kubernetes.io/controlplane node-role.kubernetes.io/etcd node-role.kubernetes.io/master node-role.kubernetes.io/node
  node-role.kubernetes.io/worker node.alpha.kubernetes.io/ttl node.kubernetes.io/disk-pressure
  node.kubernetes.io/exclude-from-external-load-balancers node.kubernetes.io/instance-type node.kubernetes.io/memory-pressure
  node.kubernetes.io/network-unavailable node.kubernetes.io/not-ready node.kubernetes.io/out-of-service
  node.kubernetes.io/pid-pressure node.kubernetes.io/unreachable node.kubernetes.io/unschedulable
  node.kubernetes.io/windows-build pod-security.kubernetes.io/audit pod-security.kubernetes.io/audit-version
  pod-security.kubernetes.io/audit-violations pod-security.kubernetes.io/enforce pod-security.kubernetes.io/enforce-policy
  pod-security.kubernetes.io/enforce-version pod-security.kubernetes.io/exempt pod-security.kubernetes.io/warn
  pod-security.kubernetes.io/warn-version pv.kubernetes.io/bind-completed pv.kubernetes.io/bound-by-controller
  pv.kubernetes.io/migrated-to pv.kubernetes.io/provisioned-by rbac.authorization.k8s.io/aggregate-to-admin
  rbac.authorization.k8s.io/aggregate-to-cluster-reader rbac.authorization.k8s.io/aggregate-to-edit
  rbac.authorization.k8s.io/aggregate-to-view rbac.authorization.kubernetes.io/autoupdate
  scheduler.alpha.kubernetes.io/critical-pod seccomp.security.alpha.kubernetes.io/pod service.kubernetes.io/headless
  service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type service.kubernetes.io/qcloud-loadbalancer-internal-subnetid
  service.kubernetes.io/service-proxy-name service.kubernetes.io/topology-mode statefulset.kubernetes.io/pod-name
  storageclass.beta.kubernetes.io/is-default-class storageclass.kubernetes.io/is-default-class topology.kubernetes.io/region
  topology.kubernetes.io/zone volume.beta.kubernetes.io/storage-provisioner volume.kubernetes.io/selected-node
  volume.kubernetes.io/storage-provisioner volumes.kubernetes.io/controller-managed-attach-detach
  alb.ingress.kubernetes.io/certificate-arn alb.ingress.kubernetes.io/listen-ports alb.ingress.kubernetes.io/scheme
  appgw.ingress.kubernetes.io/appgw-ssl-certificate ingress.gcp.kubernetes.io/pre-shared-cert
  ingress.kubernetes.io/ssl-passthrough nginx.ingress.kubernetes.io/auth-snippet nginx.ingress.kubernetes.io/canary
  nginx.ingress.kubernetes.io/configuration-snippet nginx.ingress.kubernetes.io/modsecurity-snippet
  nginx.ingress.kubernetes.io/rewrite-target nginx.ingress.kubernetes.io/server-snippet
  nginx.ingress.kubernetes.io/ssl-passthrough nginx.ingress.kubernetes.io/ssl-redirect
  nginx.ingress.kubernetes.io/stream-snippet traefik.ingress.kubernetes.io/router.tls
  service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type service.beta.kubernetes.io/aws-load-balancer-internal
  service.beta.kubernetes.io/aws-load-balancer-scheme service.beta.kubernetes.io/aws-load-balancer-type
  service.beta.kubernetes.io/azure-load-balancer-internal service.beta.kubernetes.io/do-loadbalancer-network
  service.beta.kubernetes.io/load-balancer-source-ranges service.beta.kubernetes.io/oci-load-balancer-internal
  service.beta.kubernetes.io/openstack-internal-load-balancer acme.cert-manager.io/http01-solver
  argocd.argoproj.io/hook-delete-policy argocd.argoproj.io/instance argocd.argoproj.io/secret-type
  argocd.argoproj.io/tracking-id azure.workload.identity/client-id azure.workload.identity/use cert-manager.io/cluster-issuer
  cert-manager.io/issuer cloud.google.com/load-balancer-type eks.amazonaws.com/role-arn helm.sh/chart helm.sh/hook
  helm.sh/hook-delete-policy helm.sh/hook-weight helm.sh/resource-policy iam.gke.io/gcp-service-account
  iam.gke.io/gke-metadata-server-enabled istio-injection linkerd.io/inject meta.helm.sh/release-name
  meta.helm.sh/release-namespace networking.gke.io/load-balancer-type networking.gke.io/managed-certificates
  prometheus.io/path prometheus.io/port prometheus.io/scheme prometheus.io/scrape sealedsecrets.bitnami.com/managed
  sealedsecrets.bitnami.com/sealed-secrets-key sidecar.istio.io/inject sidecar.istio.io/status
  vault.hashicorp.com/agent-inject vault.hashicorp.com/role cluster.x-k8s.io/cluster-name
`);

/** Their domains, which stay before names that somebody chose. */
export const KNOWN_DOMAINS: ReadonlySet<string> = new Set(
  [...KNOWN_KEYS].filter((key) => key.includes('/')).map((key) => key.slice(0, key.indexOf('/'))),
);
