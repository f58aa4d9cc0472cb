import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApiServer, send, sendStatus } from '../../../test/fakes/api-server.ts';
import { connect } from './connection.ts';
import { type Permission, missingPermissions } from './permissions.ts';

let folder: string;
const pods = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true, objects: [] };
let server: FakeApiServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function missing(interfere: FakeApiServer['interfere'], needed?: readonly Permission[]): Promise<Permission[]> {
  server = new FakeApiServer([pods]);
  server.interfere = (request, response) => request.url.pathname.endsWith('/selfsubjectaccessreviews') && interfere(request, response);
  const kubeconfig = join(folder, 'config');
  const clusters = [{ name: 'c', cluster: { server: await server.start() } }];
  writeFileSync(kubeconfig, JSON.stringify({ clusters, contexts: [{ name: 'x', context: { cluster: 'c' } }], 'current-context': 'x' }));
  return missingPermissions(connect({ kubeconfig }), needed === undefined ? {} : { needed });
}

describe('the rights of a user', () => {
  it('are asked for one by one', async () => {
    const answer = await missing((_request, response) => {
      send(response, 201, { status: { allowed: false } });
      return true;
    });
    expect(answer).toEqual([{ verb: 'list', group: '', resource: 'pods' }]);
  });

  it('of any verb and subresource, of what the server has', async () => {
    const needed = [
      { verb: 'get', group: '', resource: 'pods/log' },
      { verb: 'create', group: 'example.com', resource: 'widgets' },
    ];
    const answer = await missing((_request, response) => {
      send(response, 201, { status: { allowed: false } });
      return true;
    }, needed);
    expect(answer).toEqual(needed.slice(0, 1));
  });

  it('that may not be asked for are an error that says what to do', async () => {
    const answer = missing((_request, response) => {
      sendStatus(response, 403, 'forbidden: User "jane" cannot create resource "selfsubjectaccessreviews"');
      return true;
    });
    await expect(answer).rejects.toMatchObject({
      code: 'CAS_SIGN_IN',
      message: expect.stringMatching(/does not allow it: forbidden/) as string,
      remedy: expect.stringMatching(/system:basic-user/) as string,
    });
  });
});
