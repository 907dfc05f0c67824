// The own password and the own sessions.
import { expect, sub, test } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { OwnAccountPage } from '../../pages/OwnAccountPage';
import { ProductsPage } from '../../pages/ProductPages';

const NEW = 'the kettle sings at noon';

test('a new password signs out everywhere else', async ({ page, apply, signIn, elsewhere, unique }) => {
  const given = { name: `own-${unique}`, password: `first of ${unique}` };
  const account = sub(given);
  await apply({ sub_accounts: [given] });
  await signIn(account);
  const products = new ProductsPage(page);
  await page.goto('/products');
  await products.openAccountMenu();
  await page.getByRole('link', { name: 'Your account' }).click();
  const own = new OwnAccountPage(page);
  await expect(own.heading).toHaveText('Your account');

  const other = await elsewhere(account);
  await own.changePassword('not mine', NEW);
  await expect(own.refusal.first()).toContainText('This is not your password.');
  await own.changePassword(account.password, `${account.name}-${account.name}`);
  await expect(own.refusal.first()).toContainText('This is easy to guess');
  await own.changePassword(account.password, NEW);
  await expect(own.notice).toHaveText(/Your password was changed/);

  await page.goto('/products');
  await expect(products.heading).toHaveText('Product Management');
  await other.goto('/products');
  await expect(other).toHaveURL(/\/login/);
  await new LoginPage(other).signIn({ ...account, password: NEW });
  await expect(other).toHaveURL('/products');
});

test('a session that is ended is refused with its next request', async ({ page, apply, browser, world, contextOptions, script, unique }) => {
  const given = { name: `own-${unique}`, password: `first of ${unique}` };
  const account = sub(given);
  await apply({ sub_accounts: [given] });
  const login = new LoginPage(page);
  await login.open('/account');
  await login.signIn(account);
  const own = new OwnAccountPage(page);
  await expect(own.row('this one')).toContainText('Chrome, Linux');
  await expect(own.others).toHaveCount(0);

  const context = await browser.newContext({ ...contextOptions, baseURL: world.url, javaScriptEnabled: script });
  const other = await context.newPage();
  const second = new LoginPage(other);
  await second.open('/products');
  await second.signIn(account);
  await expect(other).toHaveURL('/products');

  await own.open();
  await own.others.first().click();
  await expect(own.notice).toHaveText(/The session was ended/);
  await expect(own.others).toHaveCount(0);
  await other.goto('/products');
  await expect(other).toHaveURL(/\/login/);
  await context.close();
});
