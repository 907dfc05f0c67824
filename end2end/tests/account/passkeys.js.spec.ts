// Passkeys in a browser with an authenticator. They are bound to a name, so the console is opened at localhost.
import { violations } from '../../fixtures/accessibility';
import { Authenticator } from '../../fixtures/authenticator';
import { expect, sub, test, type Page } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { ConfirmPage } from '../../pages/ConfirmPage';
import { SecondStepPage } from '../../pages/OwnAccountPage';
import { PasskeysPage } from '../../pages/PasskeyPages';

// The proofs of a whole world are forgotten: it is this test's own.
test.describe.configure({ mode: 'serial' });

test.use({ baseURL: async ({ world }, use) => use(world.url.replace('127.0.0.1', 'localhost')) });

async function signIn(page: Page, account: { name: string; password: string }) {
  const login = new LoginPage(page);
  await login.open('/account');
  await login.signIn(account);
}

test('a passkey is added, is the second step, signs in alone, confirms, and is removed', async ({ page, world, apply, unique }) => {
  const given = { name: `key-${unique}`, password: `first of ${unique}` };
  const account = sub(given);
  await apply({ sub_accounts: [given] });
  const device = await Authenticator.in(page);
  await signIn(page, account);
  const own = new PasskeysPage(page);
  await expect(own.heading).toHaveText('Your account');
  await own.add('Laptop');
  await expect(own.notice).toContainText('Passkey “Laptop” was added.');
  await expect(own.heading).toHaveText('Recovery codes');
  expect(await device.passkeys()).toBe(1);
  await own.open();
  await expect(own.table.getByRole('row').filter({ hasText: 'Laptop' })).toContainText('Never');
  expect(await violations(page)).toEqual([]);

  await own.add('Again');
  await expect(page.getByText('keeps a passkey of your account already')).toBeVisible();
  await own.signOut();

  await signIn(page, account);
  const second = new SecondStepPage(page);
  await expect(second.heading).toHaveText('Second step');
  expect(await violations(page)).toEqual([]);
  await device.knowsItsOwner(false);
  await second.button('Use a passkey').click();
  await expect(page.getByText('ended this without a passkey')).toBeVisible();
  await device.knowsItsOwner(true);
  await second.button('Use a passkey').click();
  await expect(own.heading).toHaveText('Your account');
  await expect(own.table).not.toContainText('Never');
  await own.signOut();

  await new LoginPage(page).open('/account');
  await own.link('Sign in with a passkey').click();
  await expect(page).toHaveURL(/\/login\/passkey\?next=/);
  expect(await violations(page)).toEqual([]);
  await own.button('Sign in with a passkey').click();
  await expect(own.heading).toHaveText('Your account');

  world.forgetProofs();
  await own.remove('Laptop');
  const confirm = new ConfirmPage(page);
  await expect(confirm.heading).toHaveText('Is it you?');
  expect(await violations(page)).toEqual([]);
  await confirm.button('Use a passkey').click();
  await expect(own.heading).toHaveText('Your account');
  await own.remove('Laptop');
  await expect(own.notice).toContainText('Passkey “Laptop” was removed');
  await own.signOut();

  await signIn(page, account);
  await expect(own.heading).toHaveText('Your account');
  await own.signOut();
  await page.goto('/login/passkey');
  await own.button('Sign in with a passkey').click();
  await expect(own.refusal.first()).toContainText('This passkey is not known here');
});

test('a device that has no passkey says so, and at another address the page says where they work', async ({ page, world }) => {
  await Authenticator.in(page);
  await page.goto('/login/passkey');
  const own = new PasskeysPage(page);
  await own.button('Sign in with a passkey').click();
  await expect(page.getByText('ended this without a passkey')).toBeVisible();
  await page.goto(`${world.url}/login/passkey`);
  await expect(own.button('Sign in with a passkey')).toBeHidden();
  const there = own.main.getByRole('link', { name: page.url().replace('127.0.0.1', 'localhost').replace('/login/passkey', '') });
  await there.click();
  await expect(own.button('Sign in with a passkey')).toBeVisible();
});

test('in Chinese it works as well', async ({ page, apply, unique }) => {
  const given = { name: `key-${unique}`, password: `first of ${unique}` };
  await apply({ sub_accounts: [given] });
  await Authenticator.in(page);
  await signIn(page, sub(given));
  await expect(page).toHaveURL('/account');
  await page.context().addCookies([{ name: 'lang', value: 'zh', url: page.url() }]);
  await page.goto('/account/passkeys/new');
  await page.getByRole('button', { name: '创建通行密钥' }).click();
  await expect(page.getByText('通行密钥“我的通行密钥”已添加。')).toBeVisible();
});
