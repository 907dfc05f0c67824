import { expect, test } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { ProductsPage } from '../../pages/ProductPages';

test('the language is switched by the menu and stays', async ({ page, signIn }) => {
  await signIn();
  const products = new ProductsPage(page);
  await products.open('?sort=name');
  await products.switchLanguage('简体中文');
  await expect(products.heading).toHaveText('产品管理');
  await expect(page, 'on the same page').toHaveURL('/products?sort=name');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await page.goto('/im-applications');
  await expect(products.heading).toHaveText('IM 应用');
  await products.switchLanguage('English');
  await expect(products.heading).toHaveText('IM Applications');
});

test('without a choice the browser’s languages decide', async ({ page, world }) => {
  const ask = async (languages: string) => {
    const answer = await page.request.get(`${world.url}/login`, { headers: { accept: 'text/html', 'accept-language': languages } });
    return (await answer.text()).match(/<html lang="([^"]+)"/)?.[1];
  };
  expect(await ask('zh-CN,zh;q=0.9,en;q=0.8')).toBe('zh-Hans');
  expect(await ask('de-DE,de;q=0.9')).toBe('en');
});

test('refusals come in the reader’s language', async ({ page, world }) => {
  await page.context().addCookies([{ name: 'lang', value: 'zh', url: world.url }]);
  const login = new LoginPage(page);
  await login.open();
  await page.getByLabel('用户名').fill('没有人');
  await page.getByLabel('密码').fill('错误的密码');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(login.refusal).toHaveText('用户名或密码错误。');
});

test('the theme is known before the page is drawn, and stays', async ({ page, signIn, script }) => {
  await signIn();
  const products = new ProductsPage(page);
  const background = () =>
    script ? page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor) : Promise.resolve(undefined);
  await products.open();
  const light = await background();
  await products.switchTheme('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  if (script) expect(await background()).not.toBe(light);
  const answer = await page.goto('/im-applications');
  expect(await answer?.text(), 'no flash of the other theme').toMatch(/<html[^>]* data-theme="dark"/);
  await products.switchTheme('Like the system');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
  if (!script) return;
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).not.toBe(light);
});
