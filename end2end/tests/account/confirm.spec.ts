// Before secrets, deletes and grants: who is there, when signing in was a while ago.
import { violations } from '../../fixtures/accessibility';
import { code } from '../../fixtures/one-time-codes';
import { ROOT, expect, sub, test } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { ApplicationPage } from '../../pages/ApplicationPages';
import { ConfirmPage } from '../../pages/ConfirmPage';
import { OwnAccountPage, SetUpCodesPage } from '../../pages/OwnAccountPage';
import { DeletePage } from '../../pages/ProductPages';

// The proofs of a whole world are forgotten: it is this test's own.
test.describe.configure({ mode: 'serial' });

const one = (unique: string) => ({
  products: [{ name: `Ask ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' as const }] }],
});

test('a secret is shown after the password was given again', async ({ page, world, apply, signIn, unique }) => {
  const { products: [{ applications: [app] }] } = await apply(one(unique));
  await signIn();
  const info = new ApplicationPage(page);
  await info.open(app.access_id);
  world.forgetProofs();
  await info.askFor('Secret Key');
  const confirm = new ConfirmPage(page);
  await expect(confirm.heading).toHaveText('Is it you?');
  await confirm.confirm('not my password');
  await expect(confirm.refusal.first()).toContainText('This is not your password.');
  await confirm.confirm(ROOT.password);
  await expect(info.heading).not.toHaveText('Is it you?');
  await info.askFor('Secret Key');
  await expect(page.getByText(app.secret_key)).toBeVisible();
});

test('what was typed is still there after proving who one is', async ({ page, world, apply, signIn, unique }) => {
  const { products: [{ id }] } = await apply(one(unique));
  await signIn();
  const form = new DeletePage(page);
  await page.goto(`/products/${id}/delete`);
  world.forgetProofs();
  await form.confirm(`Ask ${unique}`, 'Delete product');
  const confirm = new ConfirmPage(page);
  await expect(confirm.heading).toHaveText('Is it you?');
  await confirm.confirm(ROOT.password);
  await expect(page).toHaveURL(`/products/${id}/delete`);
  await expect(form.notice).toContainText('What you filled in is still there');
  await expect(form.confirmation(`Ask ${unique}`)).toHaveValue(`Ask ${unique}`);
  await form.button('Delete product').click();
  await expect(page).toHaveURL('/products');
});

test('a one-time code, or a recovery code, proves it as well', async ({ page, world, apply, script, unique }) => {
  const given = { name: `code-${unique}`, password: `first of ${unique}` };
  await apply({ sub_accounts: [given] });
  const login = new LoginPage(page);
  await login.open('/products');
  await login.signIn(sub(given));
  await expect(page).toHaveURL('/products');
  const own = new OwnAccountPage(page);
  await own.open();
  await own.link('Set up').click();
  const setUp = new SetUpCodesPage(page);
  const secret = (await setUp.secret.innerText()).replaceAll(' ', '');
  await setUp.turnOn(code(secret));
  await own.button('Make new recovery codes').click();
  const recovery = await page.getByRole('listitem').getByRole('code').first().innerText();

  const confirm = new ConfirmPage(page);
  const turnOff = async () => {
    await own.open();
    world.forgetProofs();
    await own.button('Turn one-time codes off').click();
    await expect(confirm.heading).toHaveText('Is it you?');
  };
  await turnOff();
  if (script) expect(await violations(page)).toEqual([]);
  await confirm.confirmByCode('000000');
  await expect(confirm.refusal.first()).toContainText('This code is wrong');
  await confirm.confirmByCode(recovery);
  await expect(page).toHaveURL('/account');
  await turnOff();
  await confirm.confirmByCode(code(secret, 1));
  await expect(page).toHaveURL('/account');
  await own.button('Turn one-time codes off').click();
  await expect(own.notice).toHaveText(/One-time codes are off/);
});
