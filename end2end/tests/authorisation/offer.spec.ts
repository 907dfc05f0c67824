// On a server of its own: whether the IM mode is offered depends on the whole account.
import { expect, test } from '../../fixtures/test';
import { AuthorisationPage } from '../../pages/AuthorisationPages';
import { CreateImApplicationPage } from '../../pages/ImApplicationPages';
import { LoginPage } from '../../pages/AccountPages';

const ROOT = { name: 'alone', password: 'nobody but me and myself' };

test.use({ baseURL: async ({ freshWorld }, use) => use(freshWorld.url) });

test('without an IM application the page leads to creating one; the introduction is shown once', async ({ page, freshWorld, script }) => {
  const { products: [{ id }] } = await freshWorld.apply({
    root: ROOT,
    products: [{ name: 'Chat', access_point: 'ap-guangzhou', applications: [{ platform: 'ios' }] }],
  });
  const authorisation = new AuthorisationPage(page);
  await page.goto(`/products/${id}/authorisation`);
  await new LoginPage(page).signIn(ROOT);
  await expect(authorisation.main).toContainText('This account has no IM application.');
  await expect(authorisation.imMode).toHaveCount(0);
  await authorisation.link('Create IM Application').click();
  await new CreateImApplicationPage(page).submit({ name: 'Chat IM', accessPoint: 'Guangzhou' });
  await expect(authorisation.heading).toHaveText('Chat IM');

  await authorisation.open(id, 'im');
  await expect(authorisation.introduction).toBeVisible();
  if (script) await expect(authorisation.button('OK'), 'the dialog begins where it is answered').toBeFocused();
  await authorisation.acknowledge();
  await expect(authorisation.introduction).toBeHidden();
  await authorisation.open(id, 'im');
  await expect(authorisation.add).toBeVisible();
  await expect(authorisation.introduction).toBeHidden();
});
