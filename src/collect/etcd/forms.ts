/** How values are stored: in which encoding, or encrypted by which provider with which key. */

export type Form = PlainForm | EncryptedForm;

export interface PlainForm {
  encrypted: false;
  /** `unknown`: in no form that an API server writes. */
  as: 'protobuf' | 'json' | 'cbor' | 'unknown';
}

export interface EncryptedForm {
  encrypted: true;
  /** As stored: aescbc, aesgcm, secretbox, kms. */
  provider: string;
  version: string;
  /** Name of the key; of kms the name of the provider. */
  key: string;
  /** Of kms v2: the digest of the id of the key at the service, as the API server's metrics have it. */
  keyId?: string;
}

/** More than any cluster has; a file may claim any number of names. */
const MOST = 60_000;

/** Numbers for forms, from 1. */
export class Forms {
  readonly #forms: Form[] = [];
  readonly #ids = new Map<string, number>();

  /** Undefined where there are more than there can be. */
  idOf(form: Form): number | undefined {
    const name = form.encrypted ? `${form.provider}:${form.version}:${form.keyId ?? ''}:${form.key}` : form.as;
    const known = this.#ids.get(name);
    if (known !== undefined || this.#forms.length >= MOST) return known;
    this.#forms.push(form);
    this.#ids.set(name, this.#forms.length);
    return this.#forms.length;
  }

  get(id: number): Form | undefined {
    return this.#forms[id - 1];
  }

  get size(): number {
    return this.#forms.length;
  }
}
