// Webhooks: an IM back end is told what becomes of messages, and the console shows how it took it.
import { createHmac } from 'node:crypto';
import { androidApp } from '../../fixtures/android';
import { Hook } from '../../fixtures/hook';
import { expect, test } from '../../fixtures/test';
import { WebhookForm, WebhookPage, WebhookSecretPage, WebhooksPage } from '../../pages/WebhookPages';

let hook: Hook;
test.beforeEach(async ({ signIn }) => {
  hook = await Hook.start();
  await signIn();
});
test.afterEach(() => hook.stop());

test('a webhook is added, signed for, tested, told, and deleted', async ({ page, world, apply, unique }) => {
  const app = await androidApp(world, apply, unique, {
    fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) },
  });
  const [list, form, one, secrets] = [new WebhooksPage(page), new WebhookForm(page), new WebhookPage(page), new WebhookSecretPage(page)];
  await page.goto(`/applications/${app.access_id}`);
  await list.navigate('Webhooks');
  await expect(list.heading).toHaveText('Webhooks');
  await expect(list.main).toContainText('No webhooks yet');
  await list.add.click();
  await form.submit(hook.url);
  await expect(secrets.notice).toHaveText(/Make its secret now/);
  const secret = await secrets.make('Make the secret');
  expect(secret).toMatch(/^whs_[\w-]{43}$/);
  world.mustStaySecret('the secret of a webhook', secret);
  await secrets.link('Done').click();
  await expect(one.value('State')).toContainText('Telling');
  await expect(one.value('State')).toContainText(secret.slice(-4));

  await one.button('Send a test event').click();
  await expect(one.notice).toHaveText(/took the test event: it answered 200/);
  await expect(one.calls.getByRole('row').nth(1)).toContainText(/1 test.*200.*thank you/s);
  const [{ headers, body }] = hook.calls;
  const signed = createHmac('sha256', secret).update(`${headers['homing-timestamp']}.${body}`).digest('hex');
  expect(headers['homing-signature']).toBe(`sha256=${signed}`);
  hook.status = 403;
  await one.button('Send a test event').click();
  await expect(one.notice).toHaveText(/did not take the test event: 403/);
  await expect(one.calls.getByRole('row').nth(1)).toContainText('not today');
  hook.status = 200;

  await app.phone('bob', { channel: 'fcm', vendor_token: `bob-${unique}` });
  await app.backEnd.send('alice', 'bob', 'hello');
  await app.backEnd.send('alice', `nobody-${unique}`, 'hello');
  await expect.poll(() => hook.events.map(({ event, to }) => `${event} ${to}`).sort(), { timeout: 20_000 })
    .toEqual(['sent bob', `skipped nobody-${unique}`]);
  await page.reload();
  await expect(one.value('Waiting')).toHaveText('0');
  await expect(one.calls.getByRole('row').nth(1)).toContainText('200');

  await one.link('Edit').click();
  await form.event('Skipped').uncheck();
  await form.submit(`${hook.url}/2`, 'Save');
  await expect(one.notice).toHaveText('The webhook was saved.');
  await expect(one.value('Events')).toHaveText('Sent, Reached, Clicked, Failed, Expired');
  await one.link('Delete').click();
  await one.button('Delete').click();
  await expect(list.notice).toHaveText('The webhook was deleted.');
  await expect(list.main).toContainText('No webhooks yet');
});

test('an address that is none, or names nothing to tell, is told at the field', async ({ page, scene }) => {
  const form = new WebhookForm(page);
  await form.open(scene.android.access_id);
  await form.submit('http://im.example.com/hook');
  await expect(form.url).toHaveAccessibleDescription(/begins with https:/);
  for (const event of ['Sent', 'Reached', 'Clicked', 'Failed', 'Skipped', 'Expired']) await form.event(event).uncheck();
  await form.submit('https://10.0.0.7/hook');
  await expect(form.url).toHaveAccessibleDescription(/private address/);
  await expect(form.main).toContainText('Choose at least one.');
  await expect(form.url).toHaveValue('https://10.0.0.7/hook');
});
