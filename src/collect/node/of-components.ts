/** Tells what components read from any other file that somebody may call their configuration. */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';

/** Of components, of static pods, of kubeconfigs and of audit policies. */
const KIND = /^(?:[A-Za-z]*Config(?:uration)?|WebhookAdmission|Policy|Pod|PodList|List)$/;
/** Documents without a kind: etcd's, kubeconfigs that people wrote, networks, the webhook of images. */
const FIELD =
  /^(?:name|data-dir|wal-dir|listen-(?:peer|client)-urls|initial-advertise-peer-urls|advertise-client-urls|(?:client|peer)-transport-security|clusters|users|current-context|cniVersion|imagePolicy)$/;

/** Whether one of the documents in the text is a mapping of a kind that components read. */
export function isOfComponents(text: string): boolean {
  return text.split(/^---.*$/m).some((part) => {
    const document: unknown = parseConfigText(part)?.value;
    if (!isRecord(document)) return false;
    if (typeof document.kind === 'string') return KIND.test(document.kind);
    return Object.keys(document).some((name) => FIELD.test(name));
  });
}
