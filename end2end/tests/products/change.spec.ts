import { wrongNames } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { AddApplicationPage, DeletePage, EditProductPage, ProductsPage } from '../../pages/ProductPages';

test.beforeEach(({ signIn }) => signIn());

const android = { platform: 'android' as const };

test('a product gets another name and category, but never another access point', async ({ page, apply, unique }) => {
  const { products: [{ id }] } = await apply({ products: [{ name: `Old ${unique}`, access_point: 'ap-hongkong', applications: [android] }] });
  const products = new ProductsPage(page);
  const edit = new EditProductPage(page);
  await products.open(`?search=${unique}`);
  await products.operate(`Old ${unique}`, 'Edit');
  await expect(page).toHaveURL(`/products/${id}/edit`);
  await expect(edit.main).toContainText('Hong Kong (China)');
  await expect(edit.field('Service access point')).toHaveCount(0);
  await edit.name.fill(`New ${unique}`);
  await edit.category.selectOption('Travel');
  await edit.button('Save').click();
  await expect(products.notice).toContainText(`Product “New ${unique}” was saved.`);
  await expect(products.product(`New ${unique}`)).toContainText('Travel · Hong Kong (China)');
});

test('a wrong name is refused when editing', async ({ page, apply, unique }) => {
  const { products: [first] } = await apply({
    products: [`First ${unique}`, `Second ${unique}`].map((name) => ({ name, access_point: 'ap-guangzhou', applications: [android] })),
  });
  const edit = new EditProductPage(page);
  await edit.open(first.id);
  for (const { text, fault } of wrongNames(60)) {
    await edit.name.fill(text);
    await edit.button('Save').click();
    await expect(edit.name).toHaveAccessibleDescription(fault);
  }
  await edit.name.fill(`Second ${unique}`);
  await edit.button('Save').click();
  await expect(edit.name).toHaveAccessibleDescription(/This name is used already/);
});

test('a product takes one application per platform', async ({ page, apply, unique }) => {
  const { products: [{ id }] } = await apply({
    products: [{ name: `Add ${unique}`, access_point: 'ap-guangzhou', applications: [android] }],
  });
  const add = new AddApplicationPage(page);
  const products = new ProductsPage(page);
  await add.open(id);
  await expect(add.platform('Android')).toBeDisabled();
  await expect(add.platforms).toContainText('has its application already');
  await add.platform('macOS').check();
  await add.name.fill('');
  await add.button('Create').click();
  await expect(add.name).toHaveAccessibleDescription(/Fill this in/);
  await expect(add.platform('macOS')).toBeChecked();
  await add.name.fill(`Desk ${unique}`);
  await add.button('Create').click();
  await expect(products.notice).toContainText(`Application “Desk ${unique}`);
  await expect(products.application(`Desk ${unique}`)).toContainText(/17\d{8}/);

  const again = await page.request.post('/ui/products/add-application', {
    form: { product: String(id), platform: 'android', name: 'Again' },
  });
  expect(again.status()).toBe(409);
});

test('a product is deleted when its name is typed', async ({ page, apply, unique }) => {
  const name = `Gone ${unique}`;
  await apply({ products: [{ name, access_point: 'ap-guangzhou', applications: [android] }] });
  const products = new ProductsPage(page);
  const remove = new DeletePage(page);
  await products.open(`?search=${unique}`);
  await products.operate(name, 'Delete');
  await expect(remove.main).toContainText(`Delete the product “${name}”?`);
  await expect(remove.main).toContainText('It has 1 application(s). Their keys stop working at once.');
  await remove.confirmation(name).fill('something else');
  await remove.button('Delete product').click();
  await expect(remove.confirmation(name)).toHaveAccessibleDescription(/This is not the name shown above/);
  await remove.confirm(name, 'Delete product');
  await expect(products.notice).toContainText(`Product “${name}” was deleted.`);
  await expect(products.product(name)).toHaveCount(0);
});

test('what is authorised cannot be deleted, and the page leads to what must be undone', async ({ page, scene }) => {
  const remove = new DeletePage(page);
  const ways = [`/products/${scene.product.id}/delete`, `/applications/${scene.android.access_id}/delete`];
  for (const way of ways) {
    await remove.open(way);
    await expect(remove.main).toContainText('cannot be deleted yet');
    await expect(remove.main).toContainText(`is authorised to the IM application “${scene.im.name}”`);
    const link = remove.link('Go to Third-party Authorization');
    await expect(link).toHaveAttribute('href', `/products/${scene.product.id}/authorisation`);
    await expect(remove.main.getByRole('button')).toHaveCount(0);
  }
  const forced = await page.request.post('/ui/products/delete', {
    form: { product: String(scene.product.id), confirmation: scene.product.name },
  });
  expect(forced.status()).toBe(409);
});
