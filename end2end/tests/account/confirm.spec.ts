// Before secrets, deletes and grants: who is there, when signing in was a while ago.
import { ROOT, expect, test } from '../../fixtures/test';
import { ApplicationPage } from '../../pages/ApplicationPages';
import { ConfirmPage } from '../../pages/ConfirmPage';
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
