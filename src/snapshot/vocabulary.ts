/**
 * Words that say nothing of whose cluster it is: those of Kubernetes itself and of the systems that it runs on.
 * Everything else is replaced when a snapshot is anonymized, so that what is forgotten here is replaced too often and
 * never shown by mistake.
 */
import { words } from './words.ts';

/** Names of fields: those of the API of Kubernetes 1.34 and of the custom resources that rules read. */
export const FIELDS = words(`
  $ref $schema Port acceptedNames accessModes acquireTime action active activeDeadlineSeconds add additionalItems
  additionalPrinterColumns additionalProperties address addressType addresses adminAccess admissionReviewVersions affinity
  aggregationRule allNodes allOf allocatable allocateLoadBalancerNodePorts allocatedResourceStatuses allocatedResources
  allocatedResourcesStatus allocation allocationMode allocationTimestamp allowMultipleAllocations allowPrivilegeEscalation
  allowVolumeExpansion allowed allowedImages allowedRoutes allowedTopologies annotations anonymous any anyOf anyPattern apiGroup
  apiGroups apiServerID apiVersion apiVersions appArmorProfile appProtocol applyConfiguration architecture args assigned attachError
  attachRequired attached attacher attachmentMetadata attributes audience audiences auditAnnotations authenticated authentication
  authorization authorizers automountServiceAccountToken availableOnNodes availableReplicas averageUtilization averageValue
  awsElasticBlockStore azureDisk azureFile backend backoffLimit backoffLimitPerIndex basic beginRefreshAt behavior binaryData
  binaryVersion bindingConditions bindingFailureConditions bindsToNode blockOwnerDeletion bool bootID borrowingLimitPercent
  boundObjectRef buildDate caBundle cachingMode capabilities capacity categories causes cel cephfs certificate certificateChain
  certificateChainPath chapAuthDiscovery chapAuthSession cidr cidrs cinder claimName claimRef claims clientCAFile clientCIDR
  clientConfig clientIP clusterIP clusterIPs clusterRoleSelectors clusterScope clusterTrustBundle code collisionCount command
  commonEncodingVersion compiler completedIndexes completionMode completionTime completions component concurrencyPolicy
  conditionType conditions config configMap configMapKeyRef configMapRef configSource configuration constraints consumedCapacity
  consumesCounters container containerID containerName containerPort containerResource containerRuntimeVersion containerStatuses
  containers continue continueToken controller controllerExpandSecretRef controllerPublishSecretRef conversion
  conversionReviewVersions count counterSet counters creationTimestamp credentialBundlePath csi current
  currentCPUUtilizationPercentage currentHealthy currentMetrics currentNumberScheduled currentReplicas currentRevision
  currentVolumeAttributesClassName daemonEndpoints data dataSource dataSourceRef datasetName datasetUUID deallocationRequested
  decodableVersions default defaultBackend defaultMode defaultRequest definitions deleteOptions deletionGracePeriodSeconds
  deletionTimestamp denied dependencies deprecated deprecatedCount deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedSource
  deprecatedTopology deprecationWarning describedObject description desiredHealthy desiredNumberScheduled desiredReplicas
  destination detachError details device deviceClassName devicePath deviceSelector devices directory diskName diskURI disruptedPods
  disruptionsAllowed distinctAttribute distinguisherMethod divisor dnsConfig dnsPolicy downwardAPI driver driverName driverRequests
  drivers drop dryRun effect egress egressDeny emptyDir emulationMajor emulationMinor emulationVersion enableDefaultDeny
  enableServiceLinks enabled encodingVersion endPort endpointSelector endpoints endpointsNamespace enum env envFrom ephemeral
  ephemeralContainerStatuses ephemeralContainers error errorCode evaluationError eventRecordQPS eventTime exactly example except
  excludeResourceRules exclusiveMaximum exclusiveMinimum exec exempt exitCode exitCodes expectedPods expirationSeconds
  expirationTimestamp expression expressionWarnings extendedResourceClaimStatus extendedResourceName external externalDocs
  externalID externalIPs externalName externalTrafficPolicy extra failed failedIndexes failedJobsHistoryLimit failurePolicy
  failureThreshold fc featureGates features field fieldPath fieldRef fieldSelector fields fieldsType fieldsV1 fileKeyRef filters
  finalizers finishedAt firstAvailable firstTimestamp flexVolume flocker forNodes forZones format from fsGroup fsGroupChangePolicy
  fsGroupPolicy fsType fullyLabeledReplicas gateway gatewayClassName gateways gcePersistentDisk generateName generatedFrom
  generation gid gitCommit gitRepo gitTreeState gitVersion globalDefault glusterfs gmsaCredentialSpec gmsaCredentialSpecName
  goVersion gracePeriodSeconds group groupPriorityMinimum groupVersion groups grpc handSize handler hard hardwareAddress health
  healthCheckNodePort hints holderIdentity host hostAliases hostIP hostIPC hostIPs hostNetwork hostPID hostPath hostPort hostProcess
  hostUsers hostname hostnameOverride hostnames hosts http httpGet httpHeaders id ignoreStoreReadErrorWithClusterBreakingPotential
  image imageID imagePullPolicy imagePullSecrets images immutable incomplete ingress ingressClassName ingressDeny
  initContainerStatuses initContainers initialDelaySeconds initiatorName inlineVolumeSpec insecureSkipTLSVerify instances int
  intSlice interfaceName internalTrafficPolicy into ints involvedObject ip ipBlock ipFamilies ipFamilyPolicy ipMode ips iqn iscsi
  iscsiInterface it items jobTemplate jsonPatch jsonPath jwt kernelVersion key keyPath keyType keyring kind kubeProxyVersion
  kubeletConfigKey kubeletEndpoint kubeletVersion labelSelector labelSelectorPath labels lastHeartbeatTime lastKnownGood
  lastObservedTime lastPhaseTransitionTime lastProbeTime lastScaleTime lastScheduleTime lastState lastSuccessfulTime lastTimestamp
  lastTransitionTime lastUpdateTime leaseDurationSeconds leaseName leaseTransitions lendablePercent level lifecycle limitResponse
  limited limits linux listKind listeners livenessProbe loadBalancer loadBalancerClass loadBalancerIP loadBalancerSourceRanges local
  localhostProfile lun machineID major makeIPTablesUtilChains managedBy managedFields manager manualSelector matchAttribute
  matchConditions matchConstraints matchExpressions matchFields matchLabelExpressions matchLabelKeys matchLabels matchNames
  matchPolicy matchResources matchingPrecedence max maxExpirationSeconds maxFailedIndexes maxItems maxLength maxLimitRequestRatio
  maxProperties maxReplicaCount maxReplicas maxSkew maxSurge maxUnavailable maximum maximumVolumeSize medium message
  messageExpression metadata metric metrics metricsBindAddress min minAvailable minCompatibilityMajor minCompatibilityMinor
  minDomains minItems minLength minProperties minReadySeconds minReplicaCount minReplicas minimum minor mismatchLabelKeys mode
  modifyVolumeStatus monitors mountOptions mountPath mountPropagation multipleOf mutations name namedResources names nameservers
  namespace namespaceSelector namespaced namespaces networkData networkPolicy networkPolicyManagement nfs nodeAffinity
  nodeAffinityPolicy nodeAllocatableUpdatePeriodSeconds nodeExpandSecretRef nodeID nodeInfo nodeName nodePort nodePublishSecretRef
  nodeSelector nodeSelectorTerms nodeStageSecretRef nodeTaintsPolicy nodeTopology nodeUID nominalConcurrencyShares nominatedNodeName
  nonResourceAttributes nonResourceRules nonResourceURLs not notAfter notBefore notReadyAddresses note nullable number
  numberAvailable numberMisscheduled numberReady numberUnavailable object objectSelector observedGeneration onExitCodes
  onPodConditions oneOf opaque openAPIV3Schema operatingSystem operation operations operator optional optionalOldSelf options
  ordinals orphanDependents os osImage overhead ownerReferences parallelism paramKind paramRef parameterNotFoundAction parameters
  parametersRef parentRef partition patchType path pathType paths pattern patternProperties paused pdID pdName
  perDeviceNodeSelection periodSeconds persistentVolumeClaim persistentVolumeClaimRetentionPolicy persistentVolumeName
  persistentVolumeReclaimPolicy phase photonPersistentDisk pingTime pkixPublicKey plain platform plugins plural pod podAffinity
  podAffinityTerm podAntiAffinity podCIDR podCIDRs podCertificate podFailurePolicy podFixed podIP podIPs podInfoOnMount
  podManagementPolicy podName podPidsLimit podReplacementPolicy podSelector podTemplate podUID pods policies policyName policyTypes
  pool port portals ports portworxVolume postStart potentialNodes preStop preconditions preemptionPolicy preference
  preferredDuringSchedulingIgnoredDuringExecution preferredHolder preferredVersion prefix preserveUnknownFields priority
  priorityClassName priorityLevelConfiguration privileged procMount progressDeadlineSeconds projected proofOfPossession
  propagationPolicy properties protectionDomain protocol providerID providers provisioner publishNotReadyAddresses pullPolicy
  qosClass quantity queueLengthLimit queues queuing quobyte rawSelector rbd readOnly readOnlyPort readOnlyRootFilesystem
  readinessGates readinessProbe ready readyReplicas reason reclaimPolicy recursiveReadOnly recursiveReadOnlyMounts reference
  regarding registries registry reinvocationPolicy related remainingItemCount renewTime replicas reportingComponent
  reportingController reportingInstance repos repository request requestMappings requestName requestPolicy requests required
  requiredDuringSchedulingIgnoredDuringExecution requirements requiresRepublish reservedFor resize resizePolicy resource
  resourceAttributes resourceClaimName resourceClaimStatuses resourceClaimTemplateName resourceClaims resourceClassName
  resourceFieldRef resourceHandles resourceID resourceName resourceNames resourceRules resourceSliceCount resourceVersion resources
  restartCount restartPolicy restartPolicyRules results retryAfterSeconds revision revisionHistoryLimit role roleRef rollingUpdate
  rotateCertificates route rule rules runAsGroup runAsNonRoot runAsUser runAsUserName running runtimeClassName runtimeHandlers scale
  scaleDown scaleIO scaleTargetRef scaleUp schedule schedulerName scheduling schedulingGates schema scheme scope scopeName
  scopeSelector scopes seLinuxChangePolicy seLinuxMount seLinuxOptions searches seccompDefault seccompProfile seconds secret
  secretFile secretKeyRef secretName secretNamespace secretObjects secretRef secrets sectionName securityContext selectPolicy
  selectableFields selectedNode selector selectors selfLink series served servedVersions server serverAddress
  serverAddressByClientCIDRs serverTLSBootstrap servers service serviceAccount serviceAccountName serviceAccountToken
  serviceAccountUID serviceName servicePort serving sessionAffinity sessionAffinityConfig setHostnameAsFQDN shape shareID shareName
  shareProcessNamespace shareable sharedCounters shortNames sideEffects signal signerName singular singularName sizeBytes sizeLimit
  sleep source sources spec specReplicasPath specs sslEnabled stabilizationWindowSeconds stands start startTime started startedAt
  startingDeadlineSeconds startupProbe state status statusReplicasPath stdin stdinOnce step stopSignal storage storageCapacity
  storageClassName storageMode storagePolicyID storagePolicyName storagePool storageVersionHash storageVersions storageos
  storedVersions strategy streamingConnectionIdleTimeout string stringData stringSlice strings structuredData structuredParameters
  subPath subPathExpr subdomain subjects subresource subresources subsets succeeded succeededCount succeededIndexes successPolicy
  successThreshold successfulJobsHistoryLimit suitableNodes supplementalGroups supplementalGroupsPolicy suspend swap sysctls system
  systemUUID taint taints target targetCPUUtilizationPercentage targetContainerName targetPort targetPortal targetRef
  targetVolumeAttributesClassName targetWWNs tcpSocket template tenant terminated terminating terminatingReplicas
  terminationGracePeriodSeconds terminationMessagePath terminationMessagePolicy time timeAdded timeZone timeoutSeconds title tls
  tlsCertFile tlsCipherSuites tlsMinVersion tlsPrivateKeyFile to token tokenRequests tolerance tolerationSeconds tolerations
  topologyKey topologyKeys topologySpreadConstraints trafficDistribution trustBundle ttlSecondsAfterFinished tty type typeChecking
  uid unavailableReplicas uncountedTerminatedPods unhealthyPodEvictionPolicy uniqueItems unschedulable unsuitableNodes
  updateRevision updateStrategy updatedNumberScheduled updatedReplicas url usages used user userGroups userInfo userNamespaces
  username users validRange validValues validate validationActions validations value valueExpression valueFrom values variables
  vendorClaimParameters vendorClassParameters vendorParameters vendorRequestParameters verb verbs version versionPriority versions
  volume volumeAttributes volumeAttributesClassName volumeBindingMode volumeClaimTemplate volumeClaimTemplates volumeDevices
  volumeHandle volumeID volumeLifecycleModes volumeMode volumeMounts volumeName volumeNamespace volumePath volumes volumesAttached
  volumesInUse vsphereVolume waiting warning webhook webhooks weight whenDeleted whenScaled whenUnsatisfiable windowsOptions
  workingDir workloadRef wwids x-kubernetes-embedded-resource x-kubernetes-int-or-string x-kubernetes-list-map-keys
  x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-preserve-unknown-fields x-kubernetes-validations x509 zone
`);

/** Kinds, API groups and resources, of Kubernetes and of well-known extensions. */
export const KINDS_AND_GROUPS = words(`
  APIService APIServiceList AdminNetworkPolicy AdmissionConfiguration AuthenticationConfiguration AuthorizationConfiguration
  BaselineAdminNetworkPolicy Binding CSIDriver CSIDriverList CSINode CSINodeList CSIStorageCapacity CSIStorageCapacityList
  Certificate CertificateSigningRequest CertificateSigningRequestList CiliumClusterwideNetworkPolicy CiliumNetworkPolicy
  ClusterIssuer ClusterNetworkPolicy ClusterPolicy ClusterRole ClusterRoleBinding ClusterRoleBindingList ClusterRoleList
  ClusterTrustBundle ClusterTrustBundleList ComponentStatus ComponentStatusList ConfigMap ConfigMapList ControllerRevision
  ControllerRevisionList CronJob CronJobList CustomResourceDefinition CustomResourceDefinitionList DaemonSet DaemonSetList
  Deployment DeploymentConfig DeploymentList DeviceClass DeviceClassList DeviceTaintRule DeviceTaintRuleList EncryptionConfiguration
  EndpointSlice EndpointSliceList Endpoints EndpointsList Event EventList Eviction ExternalSecret FlowSchema FlowSchemaList
  GRPCRoute Gateway GatewayClass GlobalNetworkPolicy HTTPRoute HorizontalPodAutoscaler HorizontalPodAutoscalerList IPAddress
  IPAddressList ImageReview Ingress IngressClass IngressClassList IngressList Job JobList K8sAllowedRepos K8sAllowedReposv2
  KubeProxyConfiguration KubeletConfiguration Lease LeaseCandidate LeaseCandidateList LeaseList LimitRange LimitRangeList
  LocalSubjectAccessReview MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingAdmissionPolicyBindingList
  MutatingAdmissionPolicyList MutatingWebhookConfiguration MutatingWebhookConfigurationList Namespace NamespaceList NetworkPolicy
  NetworkPolicyList Node NodeList PersistentVolume PersistentVolumeClaim PersistentVolumeClaimList PersistentVolumeList Pod
  PodCertificateRequest PodCertificateRequestList PodDisruptionBudget PodDisruptionBudgetList PodList PodSchedulingContext
  PodSchedulingContextList PodSecurityConfiguration PodSecurityPolicy PodTemplate PodTemplateList Policy PriorityClass
  PriorityClassList PriorityLevelConfiguration PriorityLevelConfigurationList ReplicaSet ReplicaSetList ReplicationController
  ReplicationControllerList ResourceClaim ResourceClaimList ResourceClaimParameters ResourceClaimParametersList
  ResourceClaimTemplate ResourceClaimTemplateList ResourceClass ResourceClassList ResourceClassParameters
  ResourceClassParametersList ResourceQuota ResourceQuotaList ResourceSlice ResourceSliceList Role RoleBinding RoleBindingList
  RoleList Rollout RuntimeClass RuntimeClassList Sandbox SandboxTemplate Scale ScaledObject SealedSecret Secret SecretList
  SecretProviderClass SecurityContextConstraints SelfSubjectAccessReview SelfSubjectReview SelfSubjectRulesReview Service
  ServiceAccount ServiceAccountList ServiceCIDR ServiceCIDRList ServiceList ServiceMonitor StatefulSet StatefulSetList Status
  StorageClass StorageClassList StorageVersion StorageVersionList StorageVersionMigration StorageVersionMigrationList
  SubjectAccessReview TCPRoute TLSRoute TokenRequest TokenReview UDPRoute ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
  ValidatingAdmissionPolicyBindingList ValidatingAdmissionPolicyList ValidatingWebhookConfiguration
  ValidatingWebhookConfigurationList VirtualService VolumeAttachment VolumeAttachmentList VolumeAttributesClass
  VolumeAttributesClassList
  admissionregistration.k8s.io agents.x-k8s.io apiextensions.k8s.io apiregistration.k8s.io apps apps.openshift.io argoproj.io
  autoscaling batch bitnami.com cert-manager.io certificates.k8s.io cilium.io constraints.gatekeeper.sh coordination.k8s.io
  crd.projectcalico.org discovery.k8s.io events.k8s.io extensions extensions.agents.x-k8s.io external-secrets.io
  flowcontrol.apiserver.k8s.io gateway.networking.k8s.io helm.toolkit.fluxcd.io internal.apiserver.k8s.io keda.sh
  kubernetes-client.io kustomize.toolkit.fluxcd.io kyverno.io metrics.k8s.io monitoring.coreos.com networking.istio.io
  networking.k8s.io node.k8s.io operators.coreos.com policies.kyverno.io policy policy.linkerd.io policy.networking.k8s.io
  projectcalico.org rbac.authorization.k8s.io resource.k8s.io route.openshift.io scheduling.k8s.io secrets-store.csi.x-k8s.io
  security.istio.io security.openshift.io serving.knative.dev storage.k8s.io storagemigration.k8s.io templates.gatekeeper.sh
  adminnetworkpolicies apiservices applications applicationsets appprojects authorizationpolicies backendtlspolicies
  baselineadminnetworkpolicies bindings certificates certificatesigningrequests ciliumclusterwidenetworkpolicies
  ciliumnetworkpolicies clusterexternalsecrets clusterissuers clusternetworkpolicies clusterpolicies clusterrolebindings
  clusterroles clustersecretstores clusterserviceversions clustertrustbundles componentstatuses configmaps constrainttemplates
  controllerrevisions cronjobs cronworkflows csidrivers csinodes csistoragecapacities customresourcedefinitions daemonsets
  deploymentconfigs deployments destinationrules deviceclasses endpoints endpointslices events externalsecrets flowschemas
  gatewayclasses gateways globalnetworkpolicies globalnetworksets grpcroutes helmreleases horizontalpodautoscalers httproutes
  ingressclasses ingresses ipaddresses issuers jobs kustomizations leasecandidates leases limitranges meshtlsauthentications
  mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingpolicies mutatingwebhookconfigurations namespaces
  networkauthentications networkpolicies networksets nodes peerauthentications persistentvolumeclaims persistentvolumes
  podcertificaterequests poddisruptionbudgets podgroups podmonitors pods podsecuritypolicies podtemplates policies policyexceptions
  priorityclasses prioritylevelconfigurations probes referencegrants replicasets replicationcontrollers requestauthentications
  resourceclaims resourceclaimtemplates resourcequotas resourceslices rolebindings roles rollouts routes runtimeclasses
  sandboxclaims sandboxes sandboxtemplates sandboxwarmpools scaledjobs scaledobjects sealedsecrets secretproviderclasses secrets
  secretstores securitycontextconstraints servers serviceaccounts servicecidrs serviceentries servicemonitors services sidecars
  statefulsets storageclasses storageversionmigrations storageversions subscriptions tcproutes tiers tlsroutes udproutes
  validatingadmissionpolicies validatingadmissionpolicybindings validatingpolicies validatingwebhookconfigurations virtualservices
  volumeattachments volumeattributesclasses workflowtemplates workloads
  bindings componentstatuses events leases leasecandidates controllerrevisions tokenreviews subjectaccessreviews
  selfsubjectaccessreviews selfsubjectrulesreviews localsubjectaccessreviews storageversions csistoragecapacities
  rbac.authorization.k8s.io authentication.k8s.io authorization.k8s.io events.k8s.io metrics.k8s.io kubeadm.k8s.io
  kubelet.config.k8s.io kubeproxy.config.k8s.io apiserver.config.k8s.io audit.k8s.io client.authentication.k8s.io
  rbac-defaults Reconcile EnsureExists PreemptLowerPriority namespace
  APIGroup List scale status log exec attach portforward proxy eviction ephemeralcontainers token approval binding finalize
`);

/** Flags of the programs of Kubernetes, as rules ask for them. */
export const FLAGS = words(`
  advertise-address advertise-client-urls allocate-node-cidrs allow-privileged anonymous-auth anonymous-requests api-audiences
  audit-log-maxage audit-log-maxbackup audit-log-maxsize audit-log-path audit-policy-file audit-logging audit-webhook-config-file
  authentication-config authentication-kubeconfig authentication-skip-lookup authentication-token-webhook
  authentication-tolerate-lookup-failure authorization-config authorization-kubeconfig authorization-mode auto-tls basic-auth-file
  bind-address cert-file cgroups-per-qos client-ca-file client-cert-auth cluster-cidr cluster-name cluster-signing-cert-file
  cluster-signing-key-file config config-dir config-file configure-cloud-routes contention-profiling control-plane
  controller-manager controllers cpu-cfs-quota data-dir disable-admission-plugins dumb-init enable-admission-plugins
  enable-aggregator-routing enable-bootstrap-token-auth enable-controller-attach-detach enable-debugging-handlers
  enable-garbage-collector enable-pprof enable-priority-and-fairness enable-server enable-v2 encryption-provider-config etcd-cafile
  etcd-certfile etcd-client-cert-auth etcd-keyfile etcd-servers event-qps experimental-initial-corrupt-check fail-swap-on
  feature-gates force-new-cluster go-runner hostname-override initial-advertise-peer-urls initial-cluster insecure-bind-address
  insecure-port kernel-memcg-notification key-file kube-apiserver kube-controller-manager kube-log-runner kube-proxy kube-scheduler
  kubeconfig kubelet-certificate-authority kubelet-client-certificate kubelet-client-key kubelet-https kubelet-read-only-port
  leader-elect listen-client-urls listen-metrics-urls listen-peer-urls make-iptables-util-chains masquerade-all metrics-bind-address
  oidc-issuer-url enable-skip-login enable-insecure-login disable-settings-authorizer
  one-output peer-auto-tls peer-cert-file peer-client-cert-auth peer-key-file peer-trusted-ca-file
  permit-address-sharing permit-port-sharing pod-max-pids profiling protect-kernel-defaults proxy-client-cert-file
  proxy-client-key-file read-only-port register-node register-schedulable request-timeout requestheader-allowed-names
  requestheader-client-ca-file requestheader-extra-headers-prefix requestheader-group-headers requestheader-username-headers
  root-ca-file rotate-certificates rotate-server-certificates seccomp-default secure-port serialize-image-pulls
  service-account-extend-token-expiration service-account-issuer service-account-key-file service-account-lookup
  service-account-private-key-file service-account-signing-endpoint service-account-signing-key-file service-cluster-ip-range
  skip-headers skip-log-headers snapshot-count storage-initialization-timeout-enabled streaming-connection-idle-timeout
  strict-reconfig-check terminated-pod-gc-threshold tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file
  tls-sni-cert-key token-auth-file trusted-ca-file use-service-account-credentials v watch-cache
`);

/** Values that the API defines, and words that Kubernetes uses for itself. */
export const VALUES = words(`
  get list watch create update patch delete deletecollection impersonate bind escalate use sign approve attest proxy post put head
  admin edit view cluster-admin User Group ServiceAccount Namespaced Cluster
  Always IfNotPresent Never OnFailure Default ClusterFirst ClusterFirstWithHostNet None
  TCP UDP SCTP HTTP HTTPS GRPC TLS ClientIP ClusterIP NodePort LoadBalancer ExternalName Local
  Exists DoesNotExist In NotIn Gt Lt Equal NoSchedule PreferNoSchedule NoExecute DoNotSchedule ScheduleAnyway Honor Ignore
  Ingress Egress Allow Deny Warn Audit Fail Forbid Replace Orphan Foreground Background
  RollingUpdate Recreate OnDelete OrderedReady Parallel Retain Recycle Delete Immediate WaitForFirstConsumer
  ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod Filesystem Block Bound Available Released Pending Running Succeeded
  Failed Unknown Active Terminating True False Ready Initialized ContainersReady PodScheduled Progressing Complete
  MemoryPressure DiskPressure PIDPressure NetworkUnavailable InternalIP ExternalIP Hostname InternalDNS ExternalDNS
  RuntimeDefault Unconfined Localhost runtime/default docker/default unconfined localhost Directory DirectoryOrCreate
  File FileOrCreate Socket CharDevice BlockDevice Memory HostToContainer Bidirectional Disabled Enabled Optional Required
  Exact Prefix ImplementationSpecific Pods Resource Object External Utilization AverageValue Value ContainerResource
  PodFailurePolicy NonIndexed Indexed Guaranteed Burstable BestEffort Opaque FallbackToLogsOnError Merge Strict IfHealthyBudget
  AlwaysAllow Container Pod PersistentVolumeClaim NotBestEffort PriorityClass CrossNamespacePodAffinity
  MustRunAs MustRunAsNonRoot RunAsAny Equivalent NoneOnDryRun Some CREATE UPDATE DELETE CONNECT
  IPv4 IPv6 SingleStack PreferDualStack RequireDualStack linux windows amd64 arm64
  privileged baseline restricted latest enforce warn audit true false yes no on off null
  default kube-system kube-public kube-node-lease kubernetes kube-dns coredns kube-proxy kube-apiserver kube-scheduler
  kube-controller-manager etcd kubelet kubeadm control-plane master cloud-controller-manager metrics-server kube-root-ca.crt
  default-scheduler system-cluster-critical system-node-critical kube-probe RBAC Node Webhook ABAC AlwaysAdmit
  NodeRestriction NamespaceLifecycle ServiceAccount EventRateLimit AlwaysPullImages DenyServiceExternalIPs PodSecurity
  ImagePolicyWebhook SecurityContextDeny PodSecurityPolicy VersionTLS12 VersionTLS13 identity secretbox aescbc aesgcm kms
  cpu memory storage ephemeral-storage hugepages pods services secrets configmaps requests limits count gpu nvidia.com
  kubernetes.io/service-account-token kubernetes.io/dockerconfigjson kubernetes.io/dockercfg kubernetes.io/tls
  kubernetes.io/basic-auth kubernetes.io/ssh-auth bootstrap.kubernetes.io/token helm.sh/release.v1 kubernetes.io/enforce-mountable-secrets
  metadata.name metadata.namespace metadata.uid metadata.labels metadata.annotations spec.nodeName spec.serviceAccountName
  status.hostIP status.podIP status.hostIPs status.podIPs limits.cpu limits.memory requests.cpu requests.memory
  AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID
  IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW
  PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO
  SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM ALL CAP
  container_t container_init_t container_kvm_t container_engine_t spc_t
  http https tcp udp grpc tls dns metrics svc cluster local com net org io cluster.local
  arn aws iam ec2 eks gke aks docker containerd crio runc runsc gvisor kata sh bash ash dash zsh ksh sudo ssh sshd telnet curl wget
  nginx.ingress.kubernetes.io ca.crt tls.crt tls.key ndots kernel net ipv4 ipv6 vm fs
  kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies
  net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout
  net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem
`);

/** Users, groups and roles that every cluster has. What else begins with `system:` is somebody's. */
export const SYSTEM_NAMES = words(`
  system:masters system:authenticated system:unauthenticated system:anonymous system:serviceaccounts system:nodes system:monitoring
  system:bootstrappers system:kube-scheduler system:kube-controller-manager system:kube-proxy system:apiserver system:basic-user
  system:discovery system:public-info-viewer system:aggregate-to-admin system:aggregate-to-edit system:aggregate-to-view
  system:auth-delegator system:heapster system:kube-aggregator system:kube-dns system:kubelet-api-admin system:node
  system:node-bootstrapper system:node-problem-detector system:node-proxier system:persistent-volume-provisioner
  system:service-account-issuer-discovery system:volume-scheduler system:coredns system:cloud-controller-manager
  system:certificates.k8s.io:certificatesigningrequests:nodeclient
  system:certificates.k8s.io:certificatesigningrequests:selfnodeclient system:certificates.k8s.io:kube-apiserver-client-approver
  system:certificates.k8s.io:kube-apiserver-client-kubelet-approver system:certificates.k8s.io:kubelet-serving-approver
  system:certificates.k8s.io:legacy-unknown-approver system::leader-locking-kube-controller-manager
  system::leader-locking-kube-scheduler system:controller:bootstrap-signer system:controller:cloud-provider
  system:controller:token-cleaner extension-apiserver-authentication-reader kubeadm:cluster-admins kubeadm:get-nodes
  kubeadm:kubelet-config kubeadm:kubeadm-certs kubeadm:nodes-kubeadm-config kubeadm:bootstrap-signer-clusterinfo
  kubeadm:kubelet-bootstrap kubeadm:node-autoapprove-bootstrap kubeadm:node-autoapprove-certificate-rotation kubeadm:node-proxier
`);

/** Domains of labels and annotations that well-known programs ask for, whoever uses them. */
export const DOMAINS = words(`
  helm.sh meta.helm.sh cert-manager.io istio.io sidecar.istio.io networking.istio.io security.istio.io linkerd.io config.linkerd.io
  cni.cilium.io io.cilium policy.cilium.io projectcalico.org cni.projectcalico.org prometheus.io eks.amazonaws.com alpha.eksctl.io
  iam.gke.io cloud.google.com azure.workload.identity argocd.argoproj.io fluxcd.io kyverno.io policies.kyverno.io
  kubectl.kubernetes.io sealedsecrets.bitnami.com vault.hashicorp.com openshift.io
`);

/** Parts of paths on a node, where they stand after a slash. */
export const PATHS = words(`
  bin boot dev etc home lib lib64 libexec log media mnt modules opt proc root run sbin srv sys tmp usr var kernel fs bpf cgroup
  kubelet kubernetes kubelet-plugins volume plugins pods pki manifests etcd cni net.d net conf.d bin docker docker.sock containerd
  containerd.sock crio crio.sock podman podman.sock cri-dockerd.sock dockershim.sock sock systemd system dbus udev passwd shadow group
  hosts resolv.conf localtime os-release machine-id ssh ssl certs ca-certificates secrets serviceaccount device-plugins xtables.lock
  containers journal hostname termination-log mem kmem kvm fuse shm calico cilium flannel nodeagent nvidia hugepages config
`);

/** Registries that anybody can reach: the host says nothing of who pulls from it. */
export const REGISTRIES = words(`
  docker.io index.docker.io registry-1.docker.io registry.k8s.io k8s.gcr.io gcr.io us.gcr.io eu.gcr.io asia.gcr.io mirror.gcr.io
  quay.io ghcr.io mcr.microsoft.com public.ecr.aws registry.access.redhat.com registry.redhat.io nvcr.io docker.elastic.co xpkg.upbound.io
  registry.gitlab.com cgr.dev registry.suse.com
`);

/** Tags that move by themselves, and the endings of versions. */
export const TAGS = words(`
  latest stable edge main master dev develop development nightly canary rolling release current head testing snapshot alpine slim
  alpha beta rc debian ubuntu bookworm bullseye distroless
`);

/** Words of what Castellan says itself about what could not be read. */
export const PROSE = words(`
  announces behind group judged judgements kept lies meanwhile missing named pod reads refers resource stayed
  a about all an and answer answers any are as asked at be because been but by can cannot castellan changed cluster could
  did do does each error expired faster first for forbidden from full has have holds how if in is it its just key keys kinds known
  last later less list listed lists may metadata moment more moved names need needs never no not nothing number numbers object
  objects of older on once one only or other others out pages part parts permissions permitted prints read reading refused reason rest rights rule
  said scan server served since some still table than that the their them then there these they this those time times timeout to
  told twice types unauthorized unavailable unknown until user values very was were what when where whether which while who whole
  will with without years you your API Secret Secrets User
`);
