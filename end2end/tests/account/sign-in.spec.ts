import { LoginPage } from '../../pages/AccountPages';
import { ProductsPage } from '../../pages/ProductPages';
import { ROOT, expect, test } from '../../fixtures/test';

const REFUSAL = 'User name or password is wrong.';

test('a wrong password and an unknown user are answered alike', async ({ page, unique, script }) => {
  const login = new LoginPage(page);
  await login.open();
  await login.signIn({ name: ROOT.name, password: `not ${unique}` });
  await expect(login.refusal).toHaveText(REFUSAL);
  await expect(login.refusal).toBeFocused();
  await expect(login.name).toHaveValue(ROOT.name);
  if (!script) await expect(login.password, 'the server never fills secrets in').toHaveValue('');

  await login.signIn({ name: `nobody-${unique}`, password: ROOT.password });
  await expect(login.refusal).toHaveText(REFUSAL);
});

test('signing in leads to the page that was wanted', async ({ page }) => {
  await page.goto('/products?sort=name&search=a%26b');
  await expect(page).toHaveURL(/\/login\?next=/);
  await new LoginPage(page).signIn(ROOT);
  await expect(page).toHaveURL('/products?sort=name&search=a%26b');
});

for (const away of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/login?next=/']) {
  test(`signing in does not lead to ${away}`, async ({ page }) => {
    const login = new LoginPage(page);
    await login.open(away);
    await login.signIn(ROOT);
    await expect(new ProductsPage(page).heading).toHaveText('Product Management');
    await expect(page).toHaveURL('/products');
  });
}

test('after signing out the session is gone, also for the back button', async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  await login.signIn(ROOT);
  const products = new ProductsPage(page);
  await expect(products.heading).toHaveText('Product Management');
  const [{ value }] = (await page.context().cookies()).filter((cookie) => cookie.name === 'sid');

  await products.signOut();
  await expect(page).toHaveURL('/login');
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);

  const stolen = await page.request.get('/ui/products/get?product=1', { headers: { cookie: `sid=${value}` } });
  expect(stolen.status()).toBe(401);
});

test('signing in changes the session id, and script cannot read it', async ({ page, unique }) => {
  const sid = async () => (await page.context().cookies()).find((cookie) => cookie.name === 'sid');
  const wrong = { name: `nobody-${unique}`, password: 'x', next: '/' };
  await page.request.post('/ui/session/sign-in', { form: wrong, headers: { accept: 'text/html' } });
  const before = await sid();
  expect(before, 'the refused form waits in a session').toBeDefined();

  const login = new LoginPage(page);
  await login.open();
  await login.signIn(ROOT);
  await expect(page).toHaveURL('/products');
  const after = await sid();
  expect(after).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  expect(after?.value).not.toBe(before?.value);
});
