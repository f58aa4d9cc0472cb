/** What is done to a node, in terms small enough to be shown, and what is known of the node afterwards. */
import type { ComponentName } from '../engines/command-line/index.ts';

export type NodeOperation =
  /** A flag of a component; without a value it goes. */
  | { readonly operation: 'flag'; readonly component: ComponentName; readonly flag: string; readonly value?: string }
  /** A field of the kubelet's settings. */
  | { readonly operation: 'field'; readonly path: string; readonly value: unknown }
  /** A place of the node that the pod of a component sees at the same path. */
  | { readonly operation: 'mount'; readonly component: ComponentName; readonly path: string; readonly type: 'File' | 'DirectoryOrCreate' }
  | { readonly operation: 'file'; readonly path: string; readonly text: string; readonly mode: string }
  | { readonly operation: 'mode'; readonly path: string; readonly mode: string }
  /** `all`: with everything in the folder. */
  | { readonly operation: 'owner'; readonly path: string; readonly owner: string; readonly all?: true };
