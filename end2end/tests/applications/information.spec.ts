import { MARKUP, wrongNames } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { ApplicationPage } from '../../pages/ApplicationPages';
import { DeletePage, ProductsPage } from '../../pages/ProductPages';

const one = (unique: string) => ({
  products: [{ name: `Info ${unique}`, access_point: 'ap-singapore', applications: [{ platform: 'ios' as const }] }],
});

test.beforeEach(({ signIn }) => signIn());

test('the page shows what the application is and leads on', async ({ page, apply, unique }) => {
  const { products: [{ id, applications: [app] }] } = await apply(one(unique));
  const info = new ApplicationPage(page);
  await info.open(app.access_id);
  await expect(page).toHaveTitle(`Application Information – ${app.name} – Homing`);
  await expect(info.value('Access ID')).toContainText(String(app.access_id));
  await expect(info.value('Access Key')).toContainText(app.access_key);
  await expect(info.value('Service access point')).toContainText('Singapore');
  await expect(info.value('Bundle ID')).toContainText('Not set yet');
  await expect(info.value('IM application')).toContainText('Not authorised to an IM application');
  const created = info.value('Created').getByRole('time');
  await expect(created).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  for (const [step, path] of [
    ['Third-party Authorization', `/products/${id}/authorisation`],
    ['Basic Config', `/applications/${app.access_id}/basic-config`],
    ['Push Plan', `/applications/${app.access_id}/plans`],
  ]) {
    await expect(info.main.getByRole('link', { name: step })).toHaveAttribute('href', path);
  }
});

test('the Secret Key is shown when asked for, and was not on the page before', async ({ page, apply, unique, script }) => {
  const { products: [{ applications: [app] }] } = await apply(one(unique));
  const info = new ApplicationPage(page);
  const answer = await info.open(app.access_id);
  expect(await answer?.text()).not.toContain(app.secret_key);
  await expect(info.value('Secret Key')).toContainText(`••••••••${app.secret_key.slice(-4)}`);

  await info.reveal('Secret Key');
  await expect(page.getByText(app.secret_key)).toBeVisible();

  if (script) await info.button('Hide').click();
  else await info.link('Hide').click();
  await expect(page.getByText(app.secret_key)).toBeHidden();
  await expect(page).toHaveURL(`/applications/${app.access_id}`);
});

test('an answer with a secret is not to be stored', async ({ page, apply, unique }) => {
  const { products: [{ applications: [app] }] } = await apply(one(unique));
  const revealed = await page.request.post('/ui/applications/reveal', {
    form: { access_id: String(app.access_id) },
  });
  expect(await revealed.text()).toContain(app.secret_key);
  expect(revealed.headers()['cache-control']).toContain('no-store');
});

test('an application gets another name, checked like every name', async ({ page, apply, unique }) => {
  const { products: [{ applications: [app] }] } = await apply(one(unique));
  const info = new ApplicationPage(page);
  await page.goto(`/applications/${app.access_id}/edit`);
  const name = info.field('Application name');
  for (const { text, fault } of wrongNames(60)) {
    await name.fill(text);
    await info.button('Save').click();
    await expect(name).toHaveAccessibleDescription(fault);
  }
  await name.fill(`${MARKUP} ${unique}`);
  await info.button('Save').click();
  await expect(info.notice).toContainText(`Application “${MARKUP} ${unique}” was saved.`);
  await expect(info.value('Application name')).toHaveText(`${MARKUP} ${unique}`);
});

test('an application is deleted when its name is typed', async ({ page, apply, unique }) => {
  const { products: [{ applications: [app] }] } = await apply(one(unique));
  const remove = new DeletePage(page);
  await remove.open(`/applications/${app.access_id}/delete`);
  await expect(remove.main).toContainText(`Access ID ${app.access_id} and its keys stop working at once.`);
  await remove.button('Delete application').click();
  await expect(remove.confirmation(app.name)).toHaveAttribute('aria-invalid', 'true');
  await remove.confirm(app.name, 'Delete application');
  await expect(new ProductsPage(page).notice).toContainText(`Application “${app.name}” was deleted.`);
  const gone = await page.goto(`/applications/${app.access_id}`);
  expect(gone?.status()).toBe(404);
});
