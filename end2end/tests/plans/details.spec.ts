import { MARKUP } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { BasicConfigPage, UploadCertificatePage, upload } from '../../pages/BasicConfigPages';
import { MessagePage, PlanDetailsPage } from '../../pages/PlanPages';

test.beforeEach(({ signIn }) => signIn());

test('every message tells what became of it', async ({ page, scene, world, script }) => {
  const { backEnd, phone, android } = scene;
  await world.script({ vendor: 'fcm', token: `${phone}-gone`, errorCode: 'UNREGISTERED' });
  const register = (user: string, token: string) =>
    backEnd.register(user, { platform: 'android', channel: 'fcm', vendor_token: token, identifier: 'com.example.shop' });
  await register('gone', `${phone}-gone`);
  const { token } = await register('open', `${phone}-open`);
  await backEnd.report('open', token, 'foreground');

  await backEnd.send('alice', 'bob', 'A plain one');
  await backEnd.send('alice', 'gone', 'To a dead token');
  await backEnd.send('alice', 'open', 'To an open app');
  await backEnd.send('alice', 'bob', 'Switched off', { OfflinePushInfo: { PushFlag: 1 } });
  await backEnd.send('alice', 'bob', 'Only when online', { MsgLifeTime: 0 });
  expect(await backEnd.send('alice', 'stranger', 'To nobody')).toMatchObject({ ErrorCode: 90012 });
  await backEnd.send('alice', 'bob', MARKUP);
  await backEnd.send('alice', 'bob', '长'.repeat(200));

  const details = new PlanDetailsPage(page);
  await expect(async () => {
    await details.open(android.access_id, android.plan);
    await expect(details.count('waiting')).toHaveText('0', { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  const expected: [string, string, string?][] = [
    ['A plain one', 'Sent'],
    ['To a dead token', 'Failed', 'App removed or token replaced'],
    ['To an open app', 'Not sent', 'App in the foreground'],
    ['Switched off', 'Not sent', 'Push switched off by the sender'],
    ['Only when online', 'Not sent', 'Online-only message'],
    ['To nobody', 'Not sent', 'Receiver unknown'],
    [MARKUP, 'Sent'],
  ];
  for (const [text, state, reason = ''] of expected) {
    await expect.soft(details.message(text), text).toContainText(state);
    await expect.soft(details.message(text), text).toContainText(reason);
  }
  await expect(page.getByText('长'.repeat(65)), 'the preview is cut').toHaveCount(0);
  await expect(page.getByText('长'.repeat(60))).toBeVisible();

  const zone = script ? 'UTC+08:00' : 'UTC';
  await expect(details.message('A plain one').getByRole('time')).toContainText(new RegExp(`\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${zone.replace('+', '\\+')}$`));

  await details.openMessage('To a dead token');
  const message = new MessagePage(page);
  await expect(message.delivery('FCM')).toContainText('UNREGISTERED');
  await expect(message.delivery('FCM')).toContainText('The vendor says that this device token is dead.');
  const tries = page.getByRole('table', { name: /^Tries for gone/ });
  await expect(tries).toContainText('404');
  await expect(tries).toContainText(/\d+ ms/);
});

test('the history is filtered by user, state, channel and reason, in the address', async ({ page, scene }) => {
  const { backEnd, android } = scene;
  await backEnd.send('alice', 'bob', 'One');
  await backEnd.send('alice', 'bob', 'Two', { OfflinePushInfo: { PushFlag: 1 } });
  await backEnd.send('alice', 'dora', 'Three');
  const details = new PlanDetailsPage(page);
  await expect(async () => {
    await details.open(android.access_id, android.plan);
    await expect(details.message('One')).toContainText('Sent', { timeout: 500 });
  }).toPass({ timeout: 15_000 });

  await details.filter({ user: 'bob', state: 'Not sent' });
  await expect(page).toHaveURL(/user=bob/);
  await expect(details.message('Two')).toBeVisible();
  await expect(details.message('One')).toHaveCount(0);
  await page.reload();
  await expect(details.user).toHaveValue('bob');
  await expect(details.message('Two')).toBeVisible();

  await details.open(android.access_id, android.plan, '?reason=receiver_unknown');
  await expect(details.message('Three')).toBeVisible();
  await expect(details.message('Two')).toHaveCount(0);

  await details.open(android.access_id, android.plan, '?from=2020-01-01T00:00&until=2020-01-02T00:00');
  await expect(details.main).toContainText('Nothing matches');
  await details.link('Clear filters').last().click();
  await expect(details.message('One')).toBeVisible();

  for (const nonsense of ['?page=9999', '?page=-1', '?from=yesterday', '?state=purple', `?user=${encodeURIComponent(MARKUP)}`]) {
    const answer = await details.open(android.access_id, android.plan, nonsense);
    expect(answer?.status(), nonsense).toBe(200);
  }
});

test('a credential that the vendor refuses pauses the channel until it is put right', async ({ page, scene, world, unique }) => {
  const { backEnd, ios } = scene;
  const { apns } = world.credentials;
  const token = Buffer.from(unique).toString('hex').padEnd(64, '0');
  await world.script({ vendor: 'apns', token, reason: 'InvalidProviderToken', times: 1 });
  await backEnd.register('ivy', { platform: 'ios', channel: 'apns', vendor_token: token, identifier: apns.topic });
  await backEnd.send('alice', 'ivy', 'Held back');

  const config = new BasicConfigPage(page);
  await expect(async () => {
    await config.open(ios.access_id);
    await expect(config.main).toContainText('The vendor refuses the credential', { timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await expect(config.main).toContainText('the vendor answers InvalidProviderToken');
  const details = new PlanDetailsPage(page);
  await details.open(ios.access_id, ios.plan);
  await expect(details.message('Held back')).toContainText('Credential refused');

  const certificate = { kind: 'p8' as const, file: upload('AuthKey.p8', apns.p8), keyId: apns.key_id, teamId: apns.team_id };
  const form = new UploadCertificatePage(page);
  await form.open(ios.access_id);
  await form.upload({ ...certificate, environments: ['Production', 'Development (sandbox)'] });
  await expect(config.notice).toContainText('is in force');
  await expect(config.main).not.toContainText('The vendor refuses the credential');
  await expect(async () => {
    await details.open(ios.access_id, ios.plan);
    await expect(details.message('Held back')).toContainText('Sent', { timeout: 500 });
  }).toPass({ timeout: 20_000 });
});

test('what is not of this application is not there', async ({ page, scene }) => {
  const { android, ios } = scene;
  for (const path of [
    `/applications/${ios.access_id}/plans/${android.plan}`,
    `/applications/${android.access_id}/plans/999999`,
    `/applications/${android.access_id}/plans/${android.plan}/messages/999999`,
    `/applications/${android.access_id}/plans/x`,
  ]) {
    const answer = await page.goto(path);
    expect.soft(answer?.status(), path).toBe(404);
  }
});
