// What must hold on every page: axe in both themes, headings and landmarks, titles, a complete translation.
import { colourViolations, violations } from '../../fixtures/accessibility';
import { places } from '../../fixtures/places';
import { expect, test, type Page } from '../../fixtures/test';
import { untranslated } from '../../fixtures/untranslated';
import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';
import { PlanDetailsPage } from '../../pages/PlanPages';
import type { Scene } from '../../fixtures/scene';

test.describe.configure({ mode: 'parallel' });
test.setTimeout(180_000);

/** What people typed: names of the tests bear a word of eight hexadecimal digits. And names of the time zone database. */
const DATA = /[0-9a-f]{8}|[A-Z]\w*\/[A-Z]|\broot\b|alice|bob|administrator|homing-simulator|HOMING(KEY1|TEAM)/;

async function speak(page: Page, language: 'en' | 'zh', url: string) {
  await page.context().addCookies([{ name: 'lang', value: language, url }]);
}

async function messagePage(page: Page, { backEnd, android }: Scene): Promise<string> {
  await backEnd.send('alice', 'bob', '你好');
  const details = new PlanDetailsPage(page);
  await details.open(android.access_id, android.plan);
  const href = await details.message('你好').getByRole('link').getAttribute('href');
  return href ?? '';
}

for (const language of ['en', 'zh'] as const) {
  test(`every page is accessible in both themes, and complete (${language})`, async ({ page, signIn, scene, world }) => {
    await signIn();
    const message = await messagePage(page, scene);
    await speak(page, language, world.url);
    const titles = new Map<string, string>();
    for (const [name, path] of Object.entries(places(scene, message))) {
      await test.step(name, async () => {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', language === 'en' ? 'en' : 'zh-Hans');
        await expect.soft(page.getByRole('heading', { level: 1 }), `${name}: one h1`).toHaveCount(1);
        for (const landmark of ['banner', 'main', 'contentinfo'] as const) {
          await expect.soft(page.getByRole(landmark), `${name}: ${landmark}`).toHaveCount(1);
        }
        expect.soft(await violations(page), name).toEqual([]);
        await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
        expect.soft(await colourViolations(page), `${name}, dark`).toEqual([]);
        const title = await page.title();
        expect.soft(title, name).toMatch(/ – Homing$/);
        if (!/nothing found|blocked|Fixed|Authorisation/.test(name)) {
          expect.soft(titles.get(title), `${name}: the title ${title} is taken`).toBeUndefined();
        }
        titles.set(title, name);
        if (language === 'zh') {
          expect.soft(await untranslated(page, DATA), `${name}: not translated`).toEqual([]);
        }
      });
    }
  });
}

test('the pages before signing in are accessible', async ({ page, world }) => {
  for (const language of ['en', 'zh'] as const) {
    await speak(page, language, world.url);
    for (const path of ['/login', '/login/passkey', '/login/code']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      expect.soft(await violations(page), `${path}, ${language}`).toEqual([]);
      await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
      expect.soft(await colourViolations(page), `${path}, ${language}, dark`).toEqual([]);
      if (language === 'zh') expect.soft(await untranslated(page, /^$/), path).toEqual([]);
    }
  }
});

test('open dialogs, menus and refused forms are accessible', async ({ page, signIn, scene }) => {
  await signIn();
  const products = new ProductsPage(page);
  const form = new CreateProductPage(page);
  const check = async (what: string) => {
    expect.soft(await violations(page), what).toEqual([]);
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
    expect.soft(await colourViolations(page), `${what}, dark`).toEqual([]);
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  };
  await products.open();
  await products.createProduct.click();
  await expect(form.name).toBeFocused();
  await check('Create Product');
  await form.submit();
  await expect(form.refusal).toBeVisible();
  await check('Create Product, refused');
  await page.keyboard.press('Escape');
  await products.openAccountMenu();
  await check('account menu');
  await page.keyboard.press('Escape');
  await page.getByRole('banner').locator('summary').first().click();
  await check('application switcher');

  await page.goto(`/products/${scene.product.id}/authorisation?mode=im`);
  await page.getByRole('main').getByRole('link', { name: 'Add Authorization' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('Add Authorization');
  await page.goto('/im-applications');
  await page.getByRole('main').getByRole('link', { name: 'Create IM Application' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('Create IM Application');
});
