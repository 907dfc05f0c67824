import { places } from '../../fixtures/places';
import { expect, test } from '../../fixtures/test';

test.beforeEach(({ signIn }) => signIn());

test('no page holds a secret, and neither does the log', async ({ page, scene, world }) => {
  const { apns, fcm } = world.credentials;
  const { products } = await world.apply({
    root: { name: 'root', password: '' },
    products: [{ name: scene.product.name, access_point: 'ap-guangzhou', applications: [{ platform: 'android' }, { platform: 'ios' }] }],
  });
  const secrets = [
    scene.im.key,
    ...products[0].applications.map((app) => app.secret_key),
    fcm.service_account.private_key.split('\n')[1],
    apns.p8.split('\n')[1],
  ];
  const paths = Object.values(places(scene, '/products'));
  for (const path of paths) {
    const html = await (await page.request.get(path, { headers: { accept: 'text/html' } })).text();
    for (const secret of secrets) expect.soft(html.includes(secret), path).toBe(false);
  }
  for (const secret of secrets) expect(world.log).not.toContain(secret);
});

test('every page forbids what it does not need', async ({ page, scene }) => {
  for (const path of Object.values(places(scene, '/products'))) {
    const headers = (await page.request.get(path, { headers: { accept: 'text/html' } })).headers();
    const policy = headers['content-security-policy'];
    expect.soft(policy, path).toMatch(/default-src 'self'/);
    expect.soft(policy, path).toMatch(/script-src 'self' 'nonce-[^']{16,}' 'wasm-unsafe-eval'/);
    expect.soft(policy, path).toMatch(/object-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/);
    expect.soft(policy, path).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
    expect.soft(headers['x-content-type-options'], path).toBe('nosniff');
    expect.soft(headers['x-frame-options'], path).toBe('DENY');
    expect.soft(headers['referrer-policy'], path).toBe('same-origin');
    expect.soft(headers['cache-control'], path).toContain('no-store');
  }
});

test('a nonce is used once', async ({ page }) => {
  const nonce = async () => (await page.request.get('/products', { headers: { accept: 'text/html' } })).headers()['content-security-policy'];
  expect(await nonce()).not.toBe(await nonce());
});

test('a form of another site is refused', async ({ page, unique }) => {
  const form = { name: unique, category: 'news', access_point: 'ap-guangzhou', 'platforms[]': 'ios', form_key: unique };
  const signs: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }];
  for (const headers of signs) {
    const answer = await page.request.post('/ui/products/create', { form, headers });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  await page.goto(`/products?search=${unique}`);
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('a body that is too large or cut is refused, and nothing is made of it', async ({ page, world, unique }) => {
  const large = await page.request.post('/ui/products/create', { form: { name: unique, form_key: 'x'.repeat(2_000_000) } });
  expect(large.status()).toBe(413);
  const { hostname, port } = new URL(world.url);
  expect(await cutOff(hostname, Number(port))).toMatch(/^HTTP\/1\.1 4\d\d|^$/);
  const odd = await page.request.post('/ui/products/create', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    data: Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x3d, 0xff, 0xfe]),
  });
  expect(odd.status(), 'not UTF-8').toBeGreaterThanOrEqual(400);
  expect(odd.status(), 'not UTF-8').toBeLessThan(500);
});

/** Promises a body, sends half of it and hangs up; what is answered meanwhile. */
async function cutOff(host: string, port: number): Promise<string> {
  const { connect } = await import('node:net');
  return new Promise((done) => {
    let answer = '';
    const socket = connect(port, host, () => {
      socket.end('POST /ui/products/create HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nname=half');
    });
    socket.on('data', (bytes) => (answer += bytes)).on('close', () => done(answer)).on('error', () => done(answer));
  });
}
