import { ROOT, expect, test } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { BasicConfigPage } from '../../pages/BasicConfigPages';
import { DeletePage, ProductsPage } from '../../pages/ProductPages';

test('from signing in to deleting a product without a mouse', async ({ page, unique }) => {
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const name = `Keys ${unique}`;
  const login = new LoginPage(page);
  await login.open();
  await expect(login.name).toBeFocused();
  await page.keyboard.type(ROOT.name);
  await press('Tab');
  await page.keyboard.type(ROOT.password);
  await press('Enter');

  const products = new ProductsPage(page);
  await expect(products.heading).toHaveText('Product Management');
  await press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeInViewport();
  await press('Enter');
  await expect(products.main).toBeFocused();
  await press('Tab');
  await expect(products.createProduct).toBeFocused();
  await press('Enter');
  await expect(page.getByLabel('Product name')).toBeFocused();
  await page.keyboard.type(name);
  await press('Tab', 'N', 'Tab', 'S', 'Tab', 'Tab', 'Tab', 'Tab', 'Enter');
  await expect(products.notice).toContainText(`Product “${name}” was created.`);

  await products.search(unique);
  await expect(page.getByText('1–1 of 1')).toBeVisible();
  const menu = products.product(name).locator('summary');
  await menu.focus();
  await press('Enter');
  await expect(page.getByRole('link', { name: 'Delete', exact: true })).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('link', { name: 'Delete', exact: true })).toBeHidden();
  await expect(menu).toBeFocused();
  await press('Enter', 'Tab', 'Tab', 'Tab', 'Enter');
  await expect(page).toHaveURL(/\/products\/\d+\/delete/);
  const confirmation = new DeletePage(page).confirmation(name);
  await confirmation.focus();
  await page.keyboard.type(name);
  await press('Enter');
  await expect(products.notice).toContainText(`Product “${name}” was deleted.`);
});

test('what was typed into a page is not lost by a click on a link', async ({ page, signIn, scene }) => {
  await signIn();
  await page.goto(`/applications/${scene.android.access_id}/basic-config`);
  const questions: string[] = [];
  page.on('dialog', async (dialog) => {
    questions.push(dialog.message());
    await (questions.length === 1 ? dialog.dismiss() : dialog.accept());
  });
  const field = new BasicConfigPage(page).packageName;
  await field.fill('com.example.unsaved');
  const link = page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Push Plan' });
  await link.click();
  await expect(field).toHaveValue('com.example.unsaved');
  await link.click();
  await expect(page).toHaveURL(/\/plans$/);
  expect(questions).toEqual(Array(2).fill('What you typed has not been saved. Discard it?'));
});

test('every target is large enough, and focus is seen', async ({ page, signIn, scene }) => {
  await signIn();
  for (const path of ['/products', `/applications/${scene.android.access_id}/basic-config`, `/applications/${scene.android.access_id}`]) {
    await page.goto(path);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('a.button, button, summary, input:not([type=hidden]), select, .nav-link')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .map((one) => [one.outerHTML.slice(0, 120), one.closest('label')?.getBoundingClientRect() ?? one.getBoundingClientRect()] as const)
        .filter(([, box]) => Math.min(box.width, box.height) < 24)
        .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`),
    );
    expect.soft(small, path).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement!);
      return style.outlineStyle !== 'none' ? parseFloat(style.outlineWidth) : style.boxShadow !== 'none' ? 2 : 0;
    });
    expect.soft(outline, `${path}: the focus ring`).toBeGreaterThanOrEqual(2);
  }
});
