import { expect, test } from '../../fixtures/test';
import { ProductsPage } from '../../pages/ProductPages';

const product = (name: string) => ({ name, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' as const }] });

test.beforeEach(({ signIn }) => signIn());

test('search, order and page stand in the address and survive a reload', async ({ page, apply, unique }) => {
  const names = Array.from({ length: 5 }, (_, index) => `List ${unique} ${index}`);
  await apply({ products: names.map(product) });
  const products = new ProductsPage(page);
  await products.open('?size=2');
  await products.search(unique.toUpperCase());
  await expect(page).toHaveURL(/search=/);
  await expect(products.product(names[4]), 'newest first').toBeVisible();

  await page.getByRole('columnheader', { name: 'Product / application' }).getByRole('link').click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(page.getByRole('columnheader', { name: 'Product / application' })).toHaveAttribute('aria-sort', 'ascending');

  await products.open(`?search=${unique}&sort=name&size=2&page=2`);
  await expect(page.getByText('3–4 of 5')).toBeVisible();
  await expect(products.product(names[2])).toBeVisible();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText('5–5 of 5')).toBeVisible();
  await expect(page).toHaveURL(`/products?search=${unique}&sort=name&page=3&size=2`);
  await page.reload();
  await expect(products.product(names[4])).toBeVisible();
  await page.goBack();
  await expect(page.getByText('3–4 of 5')).toBeVisible();
});

test('an order is kept when searching, and a search when ordering', async ({ page, apply, unique }) => {
  await apply({ products: [product(`Kept ${unique} a`), product(`Kept ${unique} b`)] });
  const products = new ProductsPage(page);
  await products.open(`?search=${unique}&sort=name_desc`);
  await page.getByRole('columnheader', { name: 'Created' }).getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`search=${unique}`));
});

test('a page past the end is the last one, and nonsense is the first', async ({ page, apply, unique }) => {
  await apply({ products: [product(`Clamp ${unique}`)] });
  const products = new ProductsPage(page);
  for (const query of ['page=999', 'page=0', 'page=-1', 'page=x', 'size=0', 'size=100000', 'sort=colour']) {
    const answer = await products.open(`?search=${unique}&${query}`);
    expect(answer?.status(), query).toBe(200);
    await expect(products.product(`Clamp ${unique}`)).toBeVisible();
  }
});

test('a search without a match can be cleared', async ({ page, apply, unique }) => {
  await apply({ products: [product(`Here ${unique}`)] });
  const products = new ProductsPage(page);
  await products.open();
  await products.search(`nothing like ${unique}`);
  await expect(products.main).toContainText('Nothing matches');
  await products.link('Clear filters').last().click();
  await expect(page).toHaveURL('/products');
  await expect(products.product(`Here ${unique}`)).toBeVisible();
});

test('an application is found by its Access ID', async ({ page, apply, unique }) => {
  const report = await apply({ products: [product(`Id ${unique}`)] });
  const products = new ProductsPage(page);
  await products.open();
  await products.search(String(report.products[0].applications[0].access_id));
  await expect(products.product(`Id ${unique}`)).toBeVisible();
  await expect(page.getByText('1–1 of 1')).toBeVisible();
});
