/** Runtime classes that put a kernel or a virtual machine of their own between a pod and the node. */
const SANDBOXES: readonly string[] = ['gvisor', 'runsc', 'kata', 'firecracker', 'nabla', 'hyperv', 'confidential', 'enclave'];

/** The usual names, also with what installers add to them: `kata-qemu`, `gke-gvisor`. */
export function isSandbox(runtimeClass: string, further: readonly string[]): boolean {
  if (further.includes(runtimeClass)) return true;
  const parts = runtimeClass.toLowerCase().split('-');
  return SANDBOXES.some((name) => parts.includes(name));
}
