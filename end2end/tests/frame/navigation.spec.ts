import { expect, test } from '../../fixtures/test';
import { ProductsPage } from '../../pages/ProductPages';

test.beforeEach(({ signIn }) => signIn());

test('the navigation shows where one is, and the way back', async ({ page, scene }) => {
  const { android, product } = scene;
  await page.goto(`/applications/${android.access_id}/basic-config/channels/fcm`);
  const navigation = page.getByRole('navigation', { name: 'Console' });
  await expect(navigation.getByRole('link', { name: 'Basic Config' })).toHaveAttribute('aria-current', 'page');
  await expect(navigation.locator('[aria-current=page]')).toHaveCount(1);
  const way = page.getByRole('navigation', { name: 'Breadcrumbs' });
  await expect(way.getByRole('listitem')).toHaveText([
    'Product Management',
    `${product.name} / ${android.name}`,
    'Basic Config',
    'FCM channel',
  ]);
  await expect(way.getByRole('link')).toHaveCount(3);
  await way.getByRole('link', { name: android.name }).click();
  await expect(page).toHaveURL(`/applications/${android.access_id}`);
});

test('the switcher changes the application and keeps the kind of page', async ({ page, scene }) => {
  const { android, ios, product } = scene;
  await page.goto(`/applications/${android.access_id}/plans`);
  const banner = page.getByRole('banner');
  await expect(banner).toContainText(`${product.name} / ${android.name}`);
  await banner.locator('summary').first().click();
  await banner.getByRole('link', { name: ios.name }).click();
  await expect(page).toHaveURL(`/applications/${ios.access_id}/plans`);
  await expect(banner).toContainText(`${product.name} / ${ios.name}`);
  await page.goto(`/applications/${ios.access_id}/basic-config`);
  await banner.locator('summary').first().click();
  await banner.getByRole('link', { name: android.name }).click();
  await expect(page).toHaveURL(`/applications/${android.access_id}/basic-config`);
});

test('an address that nothing has answers 404 and leads back', async ({ page }) => {
  const answer = await page.goto('/nowhere/at/all');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing here');
  await page.getByRole('link', { name: 'Go to Product Management' }).click();
  await expect(new ProductsPage(page).heading).toHaveText('Product Management');
});

test('a message is gone after the next page', async ({ page, apply, unique }) => {
  const { products: [{ id }] } = await apply({
    products: [{ name: `Flash ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }] }],
  });
  const products = new ProductsPage(page);
  await page.goto(`/products/${id}/edit`);
  await products.button('Save').click();
  await expect(products.notice).toContainText(`Product “Flash ${unique}” was saved.`);
  await page.reload();
  await expect(products.notice).toBeEmpty();
});

test('an expired session leads to sign-in and back', async ({ page, context }) => {
  await page.goto('/products');
  await context.clearCookies({ name: 'sid' });
  await page.goto('/im-applications');
  await expect(page).toHaveURL('/login?next=/im-applications');
});
