// Passkeys need script. Where none runs the pages say so, and codes do the same.
import { expect, test } from '../../fixtures/test';

test('without script the pages point to one-time codes', async ({ page, signIn }) => {
  await page.goto('/login/passkey');
  await expect(page.getByText('Passkeys need JavaScript')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeHidden();
  await page.getByRole('link', { name: 'Sign in with the password' }).click();
  await expect(page).toHaveURL('/login');
  await signIn();
  await page.goto('/account/passkeys/new');
  await expect(page.getByText('One-time codes work without it.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create passkey' })).toBeHidden();
});
