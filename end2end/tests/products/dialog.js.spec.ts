import { expect, test } from '../../fixtures/test';
import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';

test.beforeEach(async ({ signIn, page }) => {
  await signIn();
  await new ProductsPage(page).open();
});

test('the dialog takes the focus, keeps it, and gives it back', async ({ page }) => {
  const products = new ProductsPage(page);
  const form = new CreateProductPage(page);
  await products.createProduct.focus();
  await page.keyboard.press('Enter');
  await expect(form.dialog).toBeVisible();
  await expect(form.name).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(form.dialog).toBeHidden();
  await expect(products.createProduct).toBeFocused();
});

test('neither Escape nor Cancel loses silently what was typed', async ({ page }) => {
  const form = new CreateProductPage(page);
  await new ProductsPage(page).createProduct.click();
  await form.name.fill('half a thought');
  await page.keyboard.press('Escape');
  await expect(form.dialog).toContainText('What you typed has not been saved. Discard it?');
  await form.button('Keep editing').click();
  await expect(form.name).toHaveValue('half a thought');
  await form.button('Cancel').click();
  await form.button('Discard').click();
  await expect(form.dialog).toBeHidden();
});

test('a refusal is shown in the dialog, and success closes it', async ({ page, unique }) => {
  const products = new ProductsPage(page);
  const form = new CreateProductPage(page);
  await products.createProduct.click();
  await form.create({ name: `Dialog ${unique}`, accessPoint: 'Guangzhou' });
  await expect(form.dialog.getByRole('alert')).toContainText('One field needs attention');
  await expect(form.name).toHaveValue(`Dialog ${unique}`);
  await form.create({ category: 'Games' });
  await expect(form.dialog).toBeHidden();
  await expect(products.notice).toContainText(`Product “Dialog ${unique}” was created.`);
  await products.notice.getByRole('link', { name: 'Dismiss' }).click();
  await expect(products.notice).toBeEmpty();
});

test('a double click on Confirm makes one product', async ({ page, unique }) => {
  const products = new ProductsPage(page);
  const form = new CreateProductPage(page);
  const name = `Twice ${unique}`;
  await products.createProduct.click();
  await form.fill({ name, category: 'Games', accessPoint: 'Guangzhou' });
  await form.button('Confirm').dblclick();
  await expect(products.notice).toContainText(`Product “${name}” was created.`);
  await expect(products.product(name)).toHaveCount(1);
});

test('the field counts what is left', async ({ page }) => {
  const form = new CreateProductPage(page);
  await new ProductsPage(page).createProduct.click();
  await form.name.fill('1234567890');
  await expect(form.dialog).toContainText('50 left');
  await form.name.fill('长'.repeat(61));
  await expect(form.dialog).toContainText('1 too many');
  await form.category.focus();
  await expect(form.name).toHaveAccessibleDescription(/Use at most 60 characters/);
});
