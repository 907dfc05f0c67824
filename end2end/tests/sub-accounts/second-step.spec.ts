// A tenant that demands a second step: who has none is led to set one up, and can do nothing else.
import { violations } from '../../fixtures/accessibility';
import { Authenticator } from '../../fixtures/authenticator';
import { ROOT, expect, test } from '../../fixtures/test';
import { LoginPage } from '../../pages/AccountPages';
import { DemandPage, PasskeysPage } from '../../pages/PasskeyPages';

test('a sub-account without a second step is led to set one up', async ({ page, browser, contextOptions, freshWorld, script, unique }) => {
  const given = { name: `late-${unique}`, password: `first of ${unique}` };
  await freshWorld.apply({ root: ROOT, sub_accounts: [given] });
  // Passkeys are bound to a name.
  const baseURL = freshWorld.url.replace('127.0.0.1', 'localhost');
  const login = new LoginPage(page);
  await page.goto(`${baseURL}/login`);
  await login.signIn(ROOT);
  await expect(page).toHaveURL(/\/(products|activate)/);
  await page.goto(`${baseURL}/sub-accounts`);
  const demand = new DemandPage(page);
  await demand.link('Second step').click();
  await expect(demand.heading).toHaveText('Second step of sub-accounts');
  await expect(demand.table.getByRole('row').filter({ hasText: given.name })).toContainText('None');
  await demand.button('Demand a second step').click();
  await expect(demand.notice).toContainText('Sub-accounts need a second step from now on.');
  if (script) expect(await violations(page)).toEqual([]);

  const context = await browser.newContext({ ...contextOptions, baseURL, javaScriptEnabled: script });
  const late = await context.newPage();
  await late.goto('/login');
  await new LoginPage(late).signIn({ ...given, name: `${given.name}@${ROOT.name}` });
  const own = new PasskeysPage(late);
  await expect(own.heading).toHaveText('Set up a second step');
  await late.goto('/products');
  await expect(own.heading).toHaveText('Set up a second step');
  if (script) {
    expect(await violations(late)).toEqual([]);
    await Authenticator.in(late);
    await own.add('Phone');
    await expect(own.heading).toHaveText('Recovery codes');
    await late.goto('/products');
    await expect(own.heading).toHaveText('Product Management');
    await page.reload();
    await expect(demand.table).toContainText('Passkeys: 1');
  } else {
    await own.link('Set up one-time codes').click();
    await expect(own.heading).toHaveText('Set up one-time codes');
  }
  await context.close();
});
