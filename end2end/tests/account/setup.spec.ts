import { LoginPage, SetUpPage } from '../../pages/AccountPages';
import { expect, test } from '../../fixtures/test';

test.use({ baseURL: async ({ freshWorld }, use) => use(freshWorld.url) });

const ROOT = { name: 'first', password: 'a sentence is a good password' };

test('the token of the log makes the root account once, and only that token', async ({ page, freshWorld, script }) => {
  const token = await freshWorld.setUpToken();
  const setUp = new SetUpPage(page);

  await page.goto('/products');
  await expect(page).toHaveURL('/setup');
  await expect(setUp.heading).toHaveText('Set up this server');

  await setUp.createRoot({ ...ROOT, token: '0'.repeat(32) });
  await expect(setUp.refusal).toContainText('One field needs attention');
  await expect(setUp.token).toHaveAccessibleDescription(/This token is wrong or was used already/);
  await expect(setUp.name).toHaveValue(ROOT.name);
  if (!script) await expect(setUp.password, 'the server never fills secrets in').toHaveValue('');

  await setUp.createRoot({ ...ROOT, token, repeat: 'a sentence is a good passwort' });
  await expect(setUp.repeat).toHaveAccessibleDescription(/The two passwords differ/);

  await setUp.createRoot({ ...ROOT, token });
  await expect(setUp.heading).toHaveText('Welcome to Homing');
  await expect(page.getByText('You are signed in.')).toBeVisible();

  const second = await page.request.post('/ui/session/set-up', {
    form: { token, name: 'second', password: ROOT.password, repeat: ROOT.password },
  });
  expect(second.status(), 'a second root account by the same token').toBe(409);

  await setUp.signOut();
  await page.goto('/setup');
  await expect(page, 'set-up is over').toHaveURL('/login');
  await new LoginPage(page).signIn(ROOT);
  await expect(page).toHaveURL('/activate');
});
