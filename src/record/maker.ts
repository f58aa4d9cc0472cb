/** What a record calls a pod whose start it notes, and one whose token was used. */

/** Pods of a controller have names without number, and who made them is what a record is asked: `cart-6c7d8f9b5`, `backup`. */
export function makerOf(pod: string): string {
  return pod.replace(/-[a-z0-9]{5}$/, '').replace(/-\d{8,11}$/, '');
}

/** Hashes of templates and random ends have no vowels: k8s.io/apimachinery/pkg/util/rand. */
const TEMPLATE_HASH = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;
const RUN_OF_CRON_JOB = /-\d{8,11}$/;

/**
 * The same for all pods that a workload had over time: `cart` of `cart-6c7d8f9b5-x2v4k`, `backup` of `backup-29349834-abcde`.
 * The name of one workload may be read off the pods of another; who asks has to look whether only one fits.
 */
export function workloadIn(pod: string): string {
  const made = pod.replace(/-[a-z0-9]{5}$/, '');
  return RUN_OF_CRON_JOB.test(made) ? made.replace(RUN_OF_CRON_JOB, '') : made.replace(TEMPLATE_HASH, '');
}

/** Whether a pod of a workload, `Deployment/shop/cart`, may be called so. */
export function isCalled(ref: string, called: string): boolean {
  const [kind = '', , name = ''] = ref.split('/');
  // Long names are cut before the ends are put to them.
  if (name.length > LONGEST_WHOLE) return called.startsWith(name.slice(0, LONGEST_WHOLE));
  const isNumbered = called.startsWith(`${name}-`) && /^\d+$/.test(called.slice(name.length + 1));
  const ofPod = (end: string): boolean => workloadIn(`${name}${end}`) === called;
  if (kind === 'Deployment')
    return called === name || (called.startsWith(`${name}-`) && called.length <= name.length + 6) || ofPod('-abcde');
  if (kind === 'CronJob') return called === name;
  if (kind === 'StatefulSet') return isNumbered || ofPod('-10000');
  if (kind === 'Pod') return ofPod('');
  if (kind === 'Job') return isNumbered || ofPod('-abcde');
  if (kind === 'DaemonSet' || kind === 'ReplicaSet' || kind === 'ReplicationController') return ofPod('-abcde');
  return called.startsWith(name) || name.startsWith(called);
}

const LONGEST_WHOLE = 40;
