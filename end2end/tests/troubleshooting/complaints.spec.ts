// Complaints as they reach a support engineer: each is answered by one search.
import { PACKAGE, androidApp } from '../../fixtures/android';
import { expect, test } from '../../fixtures/test';
import { MessagePage } from '../../pages/PlanPages';
import { TroubleshootingPage } from '../../pages/TroubleshootingPage';

test('what happened to a message, why, and what one sent now would come to is one search away', async ({
  page,
  world,
  apply,
  signIn,
  unique,
}) => {
  const app = await androidApp(world, apply, unique, {
    fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) },
  });
  const fcm = (name: string) => ({ channel: 'fcm', vendor_token: `${name}-${unique}` });
  const register = (user: string, name: string) =>
    app.backEnd.register(user, { platform: 'android', identifier: PACKAGE, ...fcm(name) });
  await app.phone('ready', fcm('ready'));
  const { token } = await register('left', 'left');
  await app.backEnd.report('left', token, 'logged_out');
  await app.backEnd.send('alice', 'left', 'Are you there?');
  await app.backEnd.send('alice', 'late', 'Before the phone');
  await register('late', 'late');
  await app.backEnd.send('alice', 'ready', 'It goes out');

  await signIn();
  const trouble = new TroubleshootingPage(page);

  await test.step('logged out on the phone', async () => {
    await trouble.open(app.access_id);
    await expect(trouble.heading).toHaveText('Troubleshooting');
    await trouble.search('left');
    await expect(trouble.message('Are you there?')).toContainText('Logged out');
    await expect(trouble.device('left')).toContainText('Would not be pushed: Logged out');
  });
  await test.step('sent before the device registered', async () => {
    await trouble.search('late');
    await expect(trouble.message('Before the phone')).toContainText('Receiver unknown');
    await expect(trouble.device('late')).toContainText('Would be pushed through FCM');
  });
  await test.step('a vendor token, and on to every try', async () => {
    await expect(async () => {
      await trouble.open(app.access_id, `ready-${unique}`);
      await expect(trouble.message('It goes out')).toContainText('Sent', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    const key = await trouble.message('It goes out').locator('code').first().textContent();
    await trouble.search(key ?? '');
    await expect(trouble.messages.getByRole('row')).toHaveCount(2);
    await trouble.message('It goes out').getByRole('link', { name: 'Every try' }).click();
    await expect(new MessagePage(page).delivery('FCM')).toContainText('Sent');
  });
  await test.step('somebody who does not exist', async () => {
    await trouble.open(app.access_id, 'nobody');
    await expect(trouble.main).toContainText('Nothing is known under “nobody”');
  });
});
