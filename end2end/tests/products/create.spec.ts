import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';
import { expect, test } from '../../fixtures/test';

test.beforeEach(({ signIn }) => signIn());

test('a product is created with an application for each ticked platform', async ({ page, unique }) => {
  const products = new ProductsPage(page);
  const form = new CreateProductPage(page);
  const name = `Chat ${unique}`;

  await products.open();
  await products.createProduct.click();
  await form.create({
    name: `  ${name} `,
    category: 'Social',
    accessPoint: 'Singapore',
    platforms: ['Android', 'macOS'],
  });

  await expect(products.notice).toContainText(`Product “${name}” was created.`);
  await expect(page).toHaveURL('/products');
  await expect(products.product(name)).toContainText('Social · Singapore');
  const android = products.application(`${name} Android`);
  await expect(android).toContainText(/15\d{8}/);
  await expect(android).toContainText('In use');
  await expect(android).toContainText('Not enabled');
  await expect(products.application(`${name} macOS`)).toContainText(/17\d{8}/);
  await expect(products.application(`${name} iOS`)).toHaveCount(0);
});
