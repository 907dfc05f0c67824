import { expect, test } from '../../fixtures/test';
import { ApplicationPage } from '../../pages/ApplicationPages';

test('a shown secret hides by itself, and an Access ID can be copied', async ({ page, context, apply, signIn, unique }) => {
  await signIn();
  await page.clock.install();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { products: [{ applications: [app] }] } = await apply({
    products: [{ name: `Hide ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }] }],
  });
  const info = new ApplicationPage(page);
  await info.open(app.access_id);
  await info.button('Copy Access ID').click();
  await expect(info.value('Access ID').getByRole('status')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(String(app.access_id));

  await info.reveal('Secret Key');
  await expect(page.getByText(app.secret_key)).toBeVisible();
  await page.clock.fastForward(31_000);
  await expect(page.getByText(app.secret_key)).toBeHidden();
  expect(await page.content()).not.toContain(app.secret_key);
});
