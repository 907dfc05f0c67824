import { expect, test } from '../../fixtures/test';
import { CreateProductPage } from '../../pages/ProductPages';

test('a form sent after the session has ended says so, and nothing is made', async ({ page, context, signIn, script, unique }) => {
  await signIn();
  const form = new CreateProductPage(page);
  await form.open();
  await form.fill({ name: `Late ${unique}`, category: 'News', accessPoint: 'Guangzhou' });
  await context.clearCookies({ name: 'sid' });
  await form.submit();
  if (script) {
    await expect(form.refusal).toContainText('Your session has ended. Sign in again; nothing was changed.');
    await expect(form.name, 'what was typed is kept').toHaveValue(`Late ${unique}`);
    await form.refusal.getByRole('link', { name: 'Sign in' }).click();
  }
  await expect(page).toHaveURL(/\/login/);
  await signIn();
  await page.goto(`/products?search=${unique}`);
  await expect(page.getByText('Nothing matches')).toBeVisible();
});
