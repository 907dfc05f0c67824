// The eye on secrets itself: it must see what a server gives away.
import { createServer } from 'node:http';
import { Leaks } from '../../fixtures/leaks';
import { expect, test } from '../../fixtures/test';

/** What is found when a secret is typed and `path` answers with what was typed last. */
async function found(path: string): Promise<string> {
  const leaks = new Leaks();
  let typed = '';
  const server = createServer((request, answer) => {
    if (request.url !== '/form') return void answer.end(`<p>${typed}</p>`);
    let body = '';
    request.on('data', (bytes) => (body += bytes)).on('end', () => {
      typed = new URLSearchParams(body).get('password') ?? '';
      answer.end('noted');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const port = await leaks.relayTo(() => (server.address() as { port: number }).port);
  const url = `http://127.0.0.1:${port}`;
  await (await fetch(`${url}/form`, { method: 'POST', body: new URLSearchParams({ password: 'a "quoted" password' }) })).text();
  await (await fetch(`${url}${path}`, { method: path.startsWith('/ui') ? 'POST' : 'GET', headers: { connection: 'close' } })).text();
  await expect.poll(() => leaks.answers + Number(path.startsWith('/ui'))).toBeGreaterThan(1);
  leaks.stop();
  server.close();
  try {
    leaks.settle();
    return '';
  } catch (fault) {
    return String(fault);
  }
}

test('what is typed into a field for secrets and answered later is found', async () => {
  expect(await found('/products')).toContain('typed password stands in the answer to GET /products');
  expect(await found('/products'), 'told without the secret').not.toContain('quoted');
});

test('who asks for a secret may have it', async () => {
  expect(await found('/ui/applications/reveal')).toBe('');
});

test('a log and a file are searched as well', async () => {
  const leaks = new Leaks();
  leaks.plantAll('a description', { sub_accounts: [{ password: 'correct horse' }], products: [{ name: 'correct name' }] });
  leaks.search('the log', 'signing in with correct+horse failed, correct name');
  expect(() => leaks.settle()).toThrow(/password of a description stands in the log/);
});
