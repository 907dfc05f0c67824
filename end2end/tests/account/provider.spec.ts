// Signing in by a real identity provider (node-oidc-provider), which the worker starts.
import { expect, test as base, ROOT, type Page } from '../../fixtures/test';
import { violations } from '../../fixtures/accessibility';
import { Provider, trusting } from '../../fixtures/provider';
import { World } from '../../fixtures/world';
import { LoginPage } from '../../pages/AccountPages';
import { ProductsPage } from '../../pages/ProductPages';
import { AtProviderPage, RefusedPage } from '../../pages/ProviderPages';
import { SubAccountFormPage, SubAccountsPage } from '../../pages/SubAccountPages';

const BY_PROVIDER = 'Sign in with Example SSO';

const test = base.extend<object, { provider: Provider; world: World }>({
  provider: [
    // Its world starts it, once the server's address is known.
    async ({}, use) => {
      const provider = new Provider();
      await use(provider);
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ provider }, use) => {
      const world = await World.start(ROOT, async (url) => {
        Object.assign(provider, await Provider.start(url));
        return trusting(provider.issuer, url);
      });
      await world.passIntroduction(ROOT);
      await use(world);
      await world.stop();
      await provider.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

async function signInAs(page: Page, name: string) {
  const login = new LoginPage(page);
  await login.open('/products');
  await login.main.getByRole('link', { name: BY_PROVIDER }).click();
  await new AtProviderPage(page).goOn(name);
}

test('groups decide what somebody may do, at each sign-in anew', async ({ page, provider, scene, elsewhere, script, unique }) => {
  const name = `anna-${unique}`;
  await provider.person(name, 'operators', 'others');
  await signInAs(page, name);
  await expect(page).toHaveURL('/products');
  const products = new ProductsPage(page);
  await expect(products.application(scene.ios.name)).toBeVisible();
  await products.openAccountMenu();
  await expect(page.getByText(`${name}@${ROOT.name}`).first()).toBeVisible();
  await page.goto('/account');
  await expect(products.main).toContainText('You sign in with Example SSO');
  await expect(products.main.getByRole('textbox')).toHaveCount(0);
  if (script) expect(await violations(page)).toEqual([]);

  const list = new SubAccountsPage(await elsewhere());
  await list.open();
  const row = list.row(`${name}@${ROOT.name}`);
  await expect(row).toContainText('Signs in with the identity provider');
  await expect(row).toContainText(/Operator: \d+/);
  await row.getByRole('link', { name: `${name}@${ROOT.name}` }).first().click();
  const form = new SubAccountFormPage(list.page);
  await expect(form.main).toContainText(/Rights and name come from the provider.s groups/);
  await expect(form.password).toHaveCount(0);

  await provider.person(name, 'readers');
  await products.signOut();
  await expect(page).toHaveURL('/login');
  // The provider knows who this is.
  await products.main.getByRole('link', { name: BY_PROVIDER }).click();
  await expect(page).toHaveURL('/products');
  await list.open();
  await expect(row).toContainText(/Read only: \d+/);

  await provider.person(name, 'others');
  const second = await page.context().newPage();
  await second.goto('/login/oidc?next=/products');
  const refused = new RefusedPage(second);
  await expect(refused.heading).toHaveText('You were not signed in');
  await expect(refused.main).toContainText('You are in none of the groups that may use this server.');
  await second.close();
  await page.goto('/products');
  await expect(page).toHaveURL(/\/login/);
  await list.open();
  await expect(row).not.toContainText(/Read only: \d+/);
});

test('a refusal says what to do in both languages, and leads on', async ({ page, provider, script, unique, world }) => {
  const name = `nobody-${unique}`;
  await provider.person(name);
  await signInAs(page, name);
  const refused = new RefusedPage(page);
  await expect(page).toHaveURL(/\/login\/refused\?why=unmapped/);
  if (script) expect(await violations(page)).toEqual([]);
  await page.context().addCookies([{ name: 'lang', value: 'zh', url: world.url }]);
  await page.reload();
  await expect(refused.heading).toHaveText('登录未成功');
  await expect(refused.main).toContainText('您所在的用户组均无权使用本服务器');
  await page.context().addCookies([{ name: 'lang', value: 'en', url: world.url }]);
  await page.reload();
  await provider.person(name, 'readers');
  await refused.again.click();
  await expect(page).toHaveURL('/products');
});

test('who cancels there is not signed in here', async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  await login.main.getByRole('link', { name: BY_PROVIDER }).click();
  await login.button('Cancel').click();
  const refused = new RefusedPage(page);
  await expect(refused.main).toContainText('The identity provider did not sign you in');
  await refused.toSignIn.click();
  await expect(login.name).toBeVisible();
});

test('a return that was tampered with, or used before, lets nobody in', async ({ page, provider, unique }) => {
  const name = `mallory-${unique}`;
  await provider.person(name, 'readers');
  const refused = new RefusedPage(page);
  const returns: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/login/oidc/callback')) returns.push(request.url());
  });
  await signInAs(page, name);
  await expect(page).toHaveURL('/products');
  await page.context().clearCookies({ name: 'sid' });
  await page.goto(returns[0]);
  await expect(refused.main).toContainText('was used already');

  await page.request.get('/login/oidc', { maxRedirects: 0 });
  await page.goto(returns[0].replace(/state=[^&]*/, 'state=tampered'));
  await expect(refused.main).toContainText('was used already');
  await page.goto('/products');
  await expect(page).toHaveURL(/\/login/);
});

test('proving once more who one is leads to the provider, which asks anew', async ({ page, provider, world, script, unique }) => {
  // Where somebody else signs in, the provider asks once more; with script by itself.
  const goOn = async (who: string) => {
    await new AtProviderPage(page).goOn(who);
    if (!script) await page.getByRole('button', { name: 'Continue' }).click();
  };
  const name = `careful-${unique}`;
  await provider.person(name, 'readers');
  await signInAs(page, name);
  await expect(page).toHaveURL('/products');
  world.forgetProofs();
  await page.goto('/account/codes');
  await expect(page).toHaveURL(/\/confirm\?next=/);
  const confirm = new RefusedPage(page);
  await confirm.main.getByRole('link', { name: 'Go to Example SSO' }).click();
  await goOn(`other-${unique}`);
  await expect(confirm.main).toContainText('Somebody else signed in at the identity provider');
  await confirm.again.click();
  await goOn(name);
  await expect(page).toHaveURL('/account/codes');
});

base.describe('without a provider', () => {
  base.use({ provoked: /status of (4\d\d|503)/ });

  base('a provider that does not answer is told of, and passwords go on', async ({ page }) => {
    base.setTimeout(120_000);
    const world = await World.start(ROOT, (url) => trusting('http://127.0.0.1:9', url));
    await page.goto(`${world.url}/login`);
    await page.getByRole('link', { name: BY_PROVIDER }).click();
    const refused = new RefusedPage(page);
    await expect(refused.main).toContainText('The identity provider cannot be reached at the moment.');
    await refused.toSignIn.click();
    await new LoginPage(page).signIn(ROOT);
    await expect(page).toHaveURL(/\/products/);
    await world.stop();
  });
});
