// A device's own page: whose it is, what it went through, and why a message sent now would arrive or not.
import { PACKAGE, androidApp } from '../../fixtures/android';
import { expect, test } from '../../fixtures/test';
import { MessagePage } from '../../pages/PlanPages';
import { DevicePage, TroubleshootingPage } from '../../pages/TroubleshootingPage';

test('a device tells its past, every question of the decision, and its messages', async ({ page, world, apply, signIn, unique }) => {
  const app = await androidApp(world, apply, unique, { fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) } });
  const { backEnd } = app;
  const device = { platform: 'android', channel: 'fcm', identifier: PACKAGE, vendor_token: `first-${unique}` };
  await app.phone('ready', { channel: 'fcm', vendor_token: `ready-${unique}` });
  const { token } = await backEnd.register('bob', device);
  await backEnd.report('bob', token, 'foreground');
  await backEnd.report('bob', token, 'background');
  await backEnd.send('alice', 'bob', 'While bob had it');
  await backEnd.report('bob', token, 'logged_out');
  await backEnd.register('carol', { ...device, token, vendor_token: `second-${unique}`, notifications_on: false });
  await signIn();
  const trouble = new TroubleshootingPage(page);
  await trouble.open(app.access_id, 'carol');
  await trouble.openDevice('carol');
  const shown = new DevicePage(page);
  await expect(shown.heading).toHaveText('Device');
  await expect(page).toHaveURL(`/applications/${app.access_id}/troubleshooting/devices/${token}`);
  await expect(shown.fact('Signed in')).toHaveText('carol');
  await expect(shown.fact('Notifications')).toContainText(/^Off since/);
  await expect(shown.main).not.toContainText(`second-${unique}`);

  await expect(shown.question('Notifications are on')).toContainText('No: Notifications switched off');
  await expect(shown.question('The vendor channel is configured')).toContainText(/FCM\s*Yes/);
  await expect(shown.questions.getByRole('row')).toHaveCount(18);

  const changes = await shown.past.getByRole('rowheader').allInnerTexts();
  expect(changes.reverse()).toEqual([
    'Registered for the first time', 'Came to the foreground', 'Went to the background', 'User logged out', 'User signed in',
    'Registered with a new vendor token', 'Notifications switched off', 'Went to the background',
  ]);

  await expect(shown.messages).toContainText('While bob had it');
  expect(await shown.file()).toMatchObject({
    application: `${app.access_id}`,
    device: { token, user: 'carol', notifications_on: false, now: { skipped: 'notifications_off' } },
    messages: [{ text: 'While bob had it', deliveries: [{ user: 'bob', device: token, channel: 'fcm' }] }],
  });
  await shown.messages.getByRole('link', { name: 'Every try' }).click();
  const message = new MessagePage(page);
  await expect(message.before).toContainText('17 questions asked');
  await expect(message.before).toContainText('Decision Push');
  await expect(message.after).toContainText(/^Sent /);

  await page.goto(`/applications/${app.access_id}/troubleshooting/devices/${'x'.repeat(36)}`);
  await expect(shown.heading).not.toHaveText('Device');
});
