import { expect, test } from '../../fixtures/test';
import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';

test.use({ provoked: /Failed to load resource: (the server responded with a status of 5\d\d|net::ERR_INTERNET_DISCONNECTED)/ });

test.beforeEach(async ({ page, signIn }) => {
  await signIn();
  await page.goto('/im-applications');
});

test('a list that cannot be fetched says what to do, and is there after another try', async ({ page }) => {
  const products = new ProductsPage(page);
  const fault = { status: 500, contentType: 'application/json', body: '{"Internal":{"reference":"e2e-4711"}}' };
  await page.route('**/ui/products/list*', (route) => route.fulfill(fault));
  await products.navigate('Product Management');
  await expect(products.main).toContainText('The server failed. Tell the operator this reference: e2e-4711');
  await page.unroute('**/ui/products/list*');
  await products.main.getByRole('link', { name: 'Try again' }).click();
  await expect(products.table.or(page.getByText('No products yet'))).toBeVisible();
});

test('a form that the server cannot store now keeps what was typed', async ({ page, unique }) => {
  const form = new CreateProductPage(page);
  await page.goto('/products/new');
  await form.fill({ name: `Kept ${unique}`, category: 'News', accessPoint: 'Guangzhou' });
  await page.route('**/ui/products/create', (route) =>
    route.fulfill({ status: 503, contentType: 'application/json', headers: { serverfnerror: '/ui/products/create' }, body: '"Unavailable"' }),
  );
  await form.submit();
  await expect(form.refusal).toContainText('The server cannot store this now. Nothing was changed.');
  await expect(form.name).toHaveValue(`Kept ${unique}`);
  await expect(form.button('Confirm')).toBeEnabled();
  await page.unroute('**/ui/products/create');
  await form.submit();
  await expect(form.notice).toContainText(`Product “Kept ${unique}” was created.`);
});

test('a lost connection is told like a server that does not answer', async ({ page, context, unique }) => {
  const form = new CreateProductPage(page);
  await page.goto('/products/new');
  await form.fill({ name: `Offline ${unique}`, category: 'News', accessPoint: 'Guangzhou' });
  await context.setOffline(true);
  await form.submit();
  await expect(form.refusal).toBeVisible();
  await context.setOffline(false);
  await form.submit();
  await expect(form.notice).toContainText(`Product “Offline ${unique}” was created.`);
});
