import { MARKUP, wrongNames } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';

test.beforeEach(({ signIn }) => signIn());

test('a product is created with an application for each ticked platform', async ({ page, unique }) => {
  const products = new ProductsPage(page);
  const name = `Chat ${unique}`;
  await products.open();
  await products.createProduct.click();
  await new CreateProductPage(page).create({
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

test('the form says before it is sent what cannot be changed later', async ({ page }) => {
  const form = new CreateProductPage(page);
  await form.open();
  await expect(form.name).toBeFocused();
  await expect(form.accessPoint).toHaveAccessibleDescription(/Guangzhou or Shanghai .* It cannot be changed later\./);
  const places = await form.accessPoint.getByRole('option').allInnerTexts();
  expect(places.slice(1)).toEqual(['Guangzhou', 'Shanghai', 'Hong Kong (China)', 'Singapore']);
});

test('an empty form is refused field by field, and nothing is lost', async ({ page }) => {
  const form = new CreateProductPage(page);
  await form.open();
  await form.create({ category: 'News', platforms: [] });
  await expect(form.refusal).toContainText('3 fields need attention');
  await expect(form.refusal).toBeFocused();
  await expect(form.name).toHaveAttribute('aria-invalid', 'true');
  await expect(form.name).toHaveAccessibleDescription(/Fill this in/);
  await expect(form.accessPoint).toHaveAttribute('aria-invalid', 'true');
  await expect(form.platforms).toHaveAccessibleDescription(/Choose at least one/);
  await expect(form.category).toHaveValue('news');
  await expect(form.platforms.getByRole('checkbox', { checked: true })).toHaveCount(0);

  await form.refusal.getByRole('link', { name: /^Product name/ }).click();
  await expect(form.name).toBeFocused();
});

for (const { what, text, fault } of wrongNames(60)) {
  test(`a name that is ${what} is refused`, async ({ page }) => {
    const form = new CreateProductPage(page);
    await form.open();
    await form.create({ name: text, category: 'News', accessPoint: 'Guangzhou' });
    await expect(form.refusal).toContainText('One field needs attention');
    await expect(form.name).toHaveAccessibleDescription(fault);
    await expect(form.name).toHaveValue(text);
  });
}

test('a name that is taken is refused in place', async ({ page, apply, unique }) => {
  await apply({ products: [{ name: `Taken ${unique}`, access_point: 'ap-shanghai', applications: [{ platform: 'ios' }] }] });
  const form = new CreateProductPage(page);
  await form.open();
  await form.create({ name: `taken ${unique.toUpperCase()}`, category: 'News', accessPoint: 'Guangzhou' });
  await expect(form.name).toHaveAccessibleDescription(/This name is used already/);
});

test('markup in a name is shown as it was typed', async ({ page, unique }) => {
  const form = new CreateProductPage(page);
  const name = `${MARKUP} ${unique}`;
  await form.open();
  await form.create({ name, accessPoint: 'Guangzhou' });
  await expect(form.name, 'in the refused form').toHaveValue(name);
  await form.create({ name, category: 'Other', accessPoint: 'Guangzhou' });
  const products = new ProductsPage(page);
  await expect(products.notice).toContainText(name);
  await expect(products.product(name)).toBeVisible();
});

test('a form that is sent twice makes one product', async ({ page, unique }) => {
  const form = new CreateProductPage(page);
  const name = `Once ${unique}`;
  await form.open();
  const form_key = await page.locator('input[name=form_key]').inputValue();
  const fields = { name, category: 'news', access_point: 'ap-guangzhou', 'platforms[]': 'ios', form_key };
  const send = () => page.request.post('/ui/products/create', { form: fields });
  const answers = await Promise.all([send(), send(), send()]);
  for (const answer of answers) expect([200, 409]).toContain(answer.status());

  const products = new ProductsPage(page);
  await products.open(`?search=${unique}`);
  await expect(products.product(name)).toHaveCount(1);
  await expect(page.getByText('1–1 of 1')).toBeVisible();
});

test('choices that the form does not offer are refused', async ({ page, unique }) => {
  const fields = { name: `Odd ${unique}`, category: 'colour', access_point: 'ap-mars', 'platforms[]': 'windows', form_key: unique };
  const answer = await page.request.post('/ui/products/create', { form: fields });
  expect(answer.status()).toBe(422);
  expect(await answer.text()).toContain('NotAChoice');
  const nul = await page.request.post('/ui/products/create', { form: { ...fields, name: `a\u0000b ${unique}` } });
  expect(await nul.text()).toContain('ControlCharacters');
});
