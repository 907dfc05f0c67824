// API keys: made, shown once, used at the REST door, rotated, revoked.
import { randomInt } from 'node:crypto';
import { expect, test } from '../../fixtures/test';
import { ApiKeysPage, ApiSecretPage, CreateApiKeyPage } from '../../pages/ApiKeyPages';
import { ImApplicationsPage } from '../../pages/ImApplicationPages';

test.beforeEach(({ signIn }) => signIn());

const SEND = 'Handing messages over';
const USERS = 'Importing users';
const PROVISION = 'Provisioning the account';

/** Imports a user with an API key, and answers the code. */
async function importUser(url: string, sdkAppId: number, key: string): Promise<number> {
  const answer = await fetch(`${url}/v4/im_open_login_svc/account_import?sdkappid=${sdkAppId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ UserID: `user${randomInt(1_000_000)}` }),
  });
  return ((await answer.json()) as { ErrorCode: number }).ErrorCode;
}

test('a key is made, works, is rotated and revoked', async ({ page, world, apply, unique }) => {
  const im = { name: `Keyed ${unique}`, access_point: 'ap-guangzhou' };
  const { im_applications: [{ sdk_app_id }] } = await apply({ im_applications: [im] });
  const [list, form, secret] = [new ApiKeysPage(page), new CreateApiKeyPage(page), new ApiSecretPage(page)];
  await new ImApplicationsPage(page).open();
  await page.getByRole('link', { name: 'API keys' }).click();
  await expect(list.heading).toHaveText('API keys');
  await list.create.click();
  await form.submit({ name: `back end ${unique}`, scopes: [USERS], imApplication: im.name, days: '30 days' });
  await expect(secret.notice).toHaveText(/Make its secret now/);
  const first = await secret.make('Make the secret');
  expect(first).toMatch(/^hmk_\d+_[\w-]{43}$/);
  world.mustStaySecret('an API key', first.split('_').slice(2).join('_'));
  expect(await importUser(world.url, sdk_app_id, first)).toBe(0);

  await list.open();
  const row = list.row(`back end ${unique}`);
  await expect(row).toContainText('Valid');
  await expect(row).toContainText(im.name);
  await expect(row).toContainText(first.slice(-4));
  expect(await page.content()).not.toContain(first);

  await list.operation('New secret', `back end ${unique}`).click();
  const second = await secret.make('24 hours');
  expect(second).not.toBe(first);
  expect(await importUser(world.url, sdk_app_id, first)).toBe(0);
  expect(await importUser(world.url, sdk_app_id, second)).toBe(0);
  await list.open();
  await expect(row).toContainText('The secret before it is good until');

  await list.operation('New secret', `back end ${unique}`).click();
  const third = await secret.make('Ends at once');
  expect(await importUser(world.url, sdk_app_id, second)).toBe(70003);
  expect(await importUser(world.url, sdk_app_id, third)).toBe(0);

  await list.open();
  await list.operation('Revoke', `back end ${unique}`).click();
  await list.button('Revoke').click();
  await expect(list.notice).toHaveText(/was revoked/);
  expect(await importUser(world.url, sdk_app_id, third)).toBe(70003);
});

test('a key for provisioning brings a shop into being, which then stands in the console', async ({ page, world, unique }) => {
  const [form, secret] = [new CreateApiKeyPage(page), new ApiSecretPage(page)];
  await form.open();
  await form.submit({ name: `deploy ${unique}`, scopes: [PROVISION] });
  const key = await secret.make('Make the secret');
  world.mustStaySecret('a key for provisioning', key.split('_').slice(2).join('_'));
  const vivo = `vivo-${unique}-secret`;
  world.mustStaySecret('a vendor secret of a description', vivo);
  const shop = {
    products: [
      {
        name: `Described ${unique}`,
        access_point: 'ap-guangzhou',
        applications: [
          {
            platform: 'android',
            identifier: 'com.example.described',
            channels: { vivo: { app_id: '10004', app_key: 'k', app_secret: vivo } },
          },
        ],
      },
    ],
  };
  const apply = async (query = '') => {
    const answer = await fetch(`${world.url}/provisioning/v1/apply${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(shop),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { created: number; changed: number; unchanged: number };
  };
  expect(await apply('?dry_run=true')).toMatchObject({ created: 3 });
  await page.goto(`/products?search=${encodeURIComponent(`Described ${unique}`)}`);
  await expect(page.getByRole('main')).toContainText('Clear');
  expect(await apply()).toMatchObject({ created: 3, changed: 0 });
  expect(await apply()).toMatchObject({ created: 0, changed: 0, unchanged: 3 });
  await page.reload();
  await expect(page.getByRole('main')).toContainText(`Described ${unique} Android`);
  const state = await fetch(`${world.url}/provisioning/v1/state`, { headers: { authorization: `Bearer ${key}` } });
  const text = await state.text();
  expect(text).toContain(`Described ${unique}`);
  expect(text).not.toContain(vivo);
});

test('what is missing is told at the field', async ({ page, unique }) => {
  const form = new CreateApiKeyPage(page);
  await form.open();
  await form.submit({ name: '' });
  await expect(form.name).toHaveAttribute('aria-invalid', 'true');
  await form.submit({ name: `twice ${unique}`, scopes: [SEND] });
  await expect(form.notice).toHaveText(/was created/);
  await form.open();
  await form.submit({ name: `Twice ${unique}`, scopes: [SEND] });
  await expect(form.name).toHaveAccessibleDescription(/This name is used already/);
  await expect(form.name).toHaveValue(`Twice ${unique}`);
});
