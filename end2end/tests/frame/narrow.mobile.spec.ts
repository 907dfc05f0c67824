import { places } from '../../fixtures/places';
import { expect, test } from '../../fixtures/test';
import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';
import { PlanDetailsPage } from '../../pages/PlanPages';

test.beforeEach(({ signIn }) => signIn());

test('no page is wider than a phone, nor than the window at 400 % zoom', async ({ page, scene, world }) => {
  test.setTimeout(120_000);
  await scene.backEnd.send('alice', 'bob', 'A message');
  const details = new PlanDetailsPage(page);
  await details.open(scene.android.access_id, scene.android.plan);
  const message = (await details.message('A message').getByRole('link').getAttribute('href')) ?? '';
  const overflow = () =>
    page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      const scrolled = (one: Element) => one.closest('.table-box, pre') !== null;
      return [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > width + 1 && !scrolled(one))
        .map((one) => one.outerHTML.slice(0, 100));
    });
  for (const language of ['en', 'zh']) {
    await page.context().addCookies([{ name: 'lang', value: language, url: world.url }]);
    for (const [name, path] of Object.entries(places(scene, message))) {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect.soft(await overflow(), `${name} (${language}) at 390`).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect.soft(await overflow(), `${name} (${language}) at 320`).toEqual([]);
    }
  }
});

test('long names break nothing', async ({ page, apply, unique }) => {
  const name = `${unique}${'W'.repeat(52)}`;
  await apply({
    products: [{ name, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }] }],
    im_applications: [{ name, access_point: 'ap-guangzhou' }],
  });
  const paths = ['/products', '/im-applications', '/sub-accounts/new'];
  await page.goto(`/products?search=${unique}`);
  paths.push((await page.getByRole('link', { name: /^Configure Now/ }).getAttribute('href')) ?? '');
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, path).toBeLessThanOrEqual(390);
  }
});

test('the navigation opens over the page and closes after a choice', async ({ page }) => {
  const products = new ProductsPage(page);
  await products.open();
  const navigation = page.getByRole('navigation', { name: 'Console' });
  await expect(navigation).toBeHidden();
  await products.button('Menu').click();
  await expect(navigation).toBeVisible();
  await navigation.getByRole('link', { name: 'IM Applications' }).click();
  await expect(products.heading).toHaveText('IM Applications');
  await expect(navigation).toBeHidden();
  await products.button('Menu').click();
  await page.keyboard.press('Escape');
  await expect(navigation).toBeHidden();
});

test('a product is created on a phone', async ({ page, unique }) => {
  const products = new ProductsPage(page);
  await products.open();
  await products.createProduct.click();
  await new CreateProductPage(page).create({ name: `Phone ${unique}`, category: 'Social', accessPoint: 'Guangzhou' });
  await expect(products.notice).toContainText(`Product “Phone ${unique}” was created.`);
  await products.openAccountMenu();
  await expect(products.button('Sign out')).toBeInViewport();
});
