// Who is told of alarms: a program is called when one is raised and when it has ended.
import { createHmac } from 'node:crypto';
import { androidApp } from '../../fixtures/android';
import { Hook } from '../../fixtures/hook';
import { expect, test } from '../../fixtures/test';
import { AlarmsPage, RecipientForm, RecipientsPage } from '../../pages/AlarmsPage';
import { BasicConfigPage, ChannelPage } from '../../pages/BasicConfigPages';
import { WebhookSecretPage } from '../../pages/WebhookPages';

interface Notice {
  news: string;
  cause: string;
  access_id: number;
  what: string;
}

let hook: Hook;
test.beforeEach(async ({ signIn }) => {
  hook = await Hook.start();
  await signIn();
});
test.afterEach(() => hook.stop());

/** What was told of an application. */
const told = (accessId: number) => hook.calls
  .flatMap(({ body }) => (JSON.parse(body) as { alarms: Notice[] }).alarms)
  .filter((notice) => notice.access_id === accessId);

test('a recipient is added, signed for, tested, told of an alarm and of its end, and deleted', async ({ page, world, apply, unique }) => {
  test.setTimeout(120_000);
  const [alarms, list, form, secrets] = [new AlarmsPage(page), new RecipientsPage(page), new RecipientForm(page), new WebhookSecretPage(page)];
  await alarms.open();
  await list.main.getByRole('link', { name: 'Alarm recipients' }).click();
  await list.add.click();
  await form.submit(hook.url);
  const secret = await secrets.make('Make the secret');
  world.mustStaySecret('the secret of a recipient of alarms', secret);
  await secrets.link('Done').click();
  await expect(list.row(hook.url)).toContainText('Told');

  await list.test(hook.url);
  await expect(list.notice).toHaveText('The test was taken: 200.');
  const { headers, body } = hook.calls[0];
  const signed = createHmac('sha256', secret).update(`${headers['homing-timestamp']}.${body}`).digest('hex');
  expect(headers['homing-signature']).toBe(`sha256=${signed}`);
  expect(JSON.parse(body)).toMatchObject({ alarms: [], test: true });
  hook.status = 403;
  await list.test(hook.url);
  await expect(list.notice).toHaveText('The test was not taken: 403 not today.');
  hook.status = 200;

  const { vivo } = world.credentials;
  const app = await androidApp(world, apply, unique, { vivo: { ...vivo, app_secret: 'mistyped' } });
  await app.phone('bob', { channel: 'vivo', vendor_token: BigInt(`0x${unique}`).toString().padStart(23, '1') });
  await app.backEnd.send('alice', 'bob', 'Waits for its key');
  await expect.poll(() => told(app.access_id).map(({ news }) => news), { timeout: 30_000 }).toEqual(['raised']);
  expect(told(app.access_id)[0]).toMatchObject({ cause: 'credential_refused', what: 'vivo refuses the credential' });
  const [config, channel] = [new BasicConfigPage(page), new ChannelPage(page)];
  await config.open(app.access_id);
  await config.editChannel('vivo');
  await channel.field('AppSecret').fill(vivo.app_secret);
  await channel.save();
  await expect.poll(() => told(app.access_id).map(({ news }) => news), { timeout: 30_000 }).toEqual(['raised', 'ended']);

  await list.open();
  await list.row(hook.url).getByRole('link', { name: 'Delete' }).click();
  await list.button('Delete').click();
  await expect(list.notice).toHaveText('The recipient was deleted.');
  await expect(list.row(hook.url)).toHaveCount(0);
});

test('quiet hours are two times that differ, and an address is one that may be called', async ({ page }) => {
  const [list, form] = [new RecipientsPage(page), new RecipientForm(page)];
  await form.open();
  await form.quietFrom.fill('22:00');
  await form.submit('https://ops.example.com/alarms');
  await expect(form.quietUntil).toHaveAccessibleDescription(/Enter a time such as 22:00/);
  await expect(form.address, 'what was typed is still there').toHaveValue('https://ops.example.com/alarms');
  await form.quietUntil.fill('07:30');
  await form.submit('https://10.0.0.7/alarms');
  await expect(form.address).toHaveAccessibleDescription(/private address/);
  await form.submit(`${hook.url}/quiet`);
  await list.open();
  const row = list.row(`${hook.url}/quiet`);
  await expect(row).toContainText('22:00 – 07:30');
  await expect(row).toContainText('No secret yet');
  await row.getByRole('link', { name: 'Edit' }).click();
  await form.quietFrom.fill('');
  await form.quietUntil.fill('');
  await form.submit(`${hook.url}/loud`, 'Save');
  await expect(list.row(`${hook.url}/loud`)).not.toContainText('22:00');
  await list.row(`${hook.url}/loud`).getByRole('link', { name: 'Delete' }).click();
  await list.button('Delete').click();
  await expect(list.notice).toHaveText('The recipient was deleted.');
});
