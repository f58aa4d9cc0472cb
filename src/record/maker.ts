/** What a record calls a pod whose start it notes. */

/** Pods of a controller have names without number, and who made them is what a record is asked: `cart-6c7d8f9b5`, `backup`. */
export function makerOf(pod: string): string {
  return pod.replace(/-[a-z0-9]{5}$/, '').replace(/-\d{8,11}$/, '');
}
