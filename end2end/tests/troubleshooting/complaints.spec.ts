// Complaints as they reach a support engineer. Each is answered by one search: what happened, why, what to do.
import { writeFileSync } from 'node:fs';
import { PACKAGE, androidApp } from '../../fixtures/android';
import { p12 } from '../../fixtures/certificates';
import { expect, test } from '../../fixtures/test';
import { MessagePage } from '../../pages/PlanPages';
import { TroubleshootingPage } from '../../pages/TroubleshootingPage';

test('complaints about Android phones', async ({ page, world, apply, signIn, unique }) => {
  test.setTimeout(90_000);
  const { app_id, app_key, app_secret } = await world.vivoWithQuota(1);
  const app = await androidApp(world, apply, unique, {
    fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) },
    vivo: { app_id, app_key, app_secret },
  });
  const { backEnd } = app;
  const phone = (name: string, channel = 'fcm') => ({ channel, vendor_token: `${name}-${unique}` });
  const register = (user: string, what: ReturnType<typeof phone>, more = {}) =>
    backEnd.register(user, { platform: 'android', identifier: PACKAGE, ...what, ...more });
  await app.phone('ready', phone('ready'));
  await signIn();
  const trouble = new TroubleshootingPage(page);
  const { heading, main } = trouble;

  await test.step('logged out on the phone', async () => {
    const { token } = await register('left', phone('left'));
    await backEnd.report('left', token, 'logged_out');
    await backEnd.send('alice', 'left', 'Are you there?');
    await trouble.open(app.access_id);
    await expect(heading).toHaveText('Troubleshooting');
    await trouble.search('left');
    await expect(trouble.message('Are you there?')).toContainText('The receiver logged out on this device.');
    await expect(trouble.device('left')).toContainText('Would not be pushed: Logged out');
  });

  await test.step('a custom message without text', async () => {
    const MsgBody = [{ MsgType: 'TIMCustomElem', MsgContent: { Data: '{"action":"poke"}' } }];
    const { MsgKey } = await backEnd.send('alice', 'ready', '', { MsgBody });
    await trouble.search(MsgKey ?? 'none');
    await expect(trouble.messages.getByRole('row').nth(1)).toContainText('Nothing to show');
  });

  await test.step('the quota of the day is spent', async () => {
    await register('vivo', phone('vivo', 'vivo'));
    for (const text of ['The first of the day', 'One too many']) await backEnd.send('alice', 'vivo', text);
    await expect(async () => {
      await trouble.open(app.access_id, 'vivo');
      await expect(trouble.messages).toContainText('Vendor quota spent', { timeout: 500 });
    }).toPass({ timeout: 30_000 });
  });

  await test.step('notifications are switched off', async () => {
    await register('quiet', phone('quiet'), { notifications_on: false });
    await backEnd.send('alice', 'quiet', 'Nothing rings');
    await trouble.search('quiet');
    await expect(trouble.message('Nothing rings')).toContainText('Notifications switched off');
    await expect(trouble.device('quiet')).toContainText('Would not be pushed: Notifications switched off');
  });

  await test.step('two phones, one silent', async () => {
    await register('both', phone('loud'));
    await register('both', phone('silent', 'oppo'));
    await backEnd.send('alice', 'both', 'On one of them');
    await expect(async () => {
      await trouble.open(app.access_id, 'both');
      await expect(trouble.message('On one of them')).toContainText(/Sent.*FCM/s, { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await expect(trouble.message('On one of them')).toContainText(/OPPO\s*Vendor channel not configured/);
    const silent = trouble.devices.getByRole('row').filter({ hasText: 'OPPO' });
    await expect(silent).toContainText('Would not be pushed: Vendor channel not configured');
  });

  await test.step('sent before the device registered', async () => {
    await backEnd.send('alice', 'late', 'Before the phone');
    await register('late', phone('late'));
    await trouble.search('late');
    await expect(trouble.message('Before the phone')).toContainText('Receiver unknown');
    await expect(trouble.device('late')).toContainText('Would be pushed through FCM');
  });

  await test.step('a vendor token leads to its message, and that to every try', async () => {
    await trouble.search(`loud-${unique}`);
    await expect(trouble.messages.getByRole('row')).toHaveCount(2);
    await expect(trouble.message('On one of them')).not.toContainText('OPPO');
    await trouble.message('On one of them').getByRole('link', { name: 'Every try' }).click();
    await expect(new MessagePage(page).delivery('FCM')).toContainText('Sent');
  });

  await test.step('a name that nobody has', async () => {
    await trouble.open(app.access_id, 'nobody');
    await expect(main).toContainText('Nothing is known under “nobody”');
  });
});

test('complaints about iPhones', async ({ page, world, apply, signIn, unique }) => {
  const [product, im, bundle, password] = [`iPhones ${unique}`, `iPhones IM ${unique}`, `com.example.c${unique}`, 'push'];
  writeFileSync(world.file(`${unique}.p12`), p12({ bundle, password }));
  const certificate = { kind: 'p12', file: `${unique}.p12`, password, environments: ['production'] };
  const report = await apply({
    products: [
      { name: product, access_point: 'ap-guangzhou', applications: [{ platform: 'ios', identifier: bundle, certificates: [certificate] }] },
    ],
    im_applications: [{ name: im, access_point: 'ap-guangzhou' }],
    authorisations: [{ im_application: im, product, platform: 'ios' }],
  });
  const [{ access_id }] = report.authorisations;
  const backEnd = world.im(report.im_applications[0]);
  const iphone = { platform: 'ios', channel: 'apns', identifier: bundle };
  const token = (digit: string) => digit.repeat(64);
  // The server looks for changes made beside it once a second.
  await expect(async () => {
    const answer = await backEnd.register('tester', { ...iphone, vendor_token: token('a'), environment: 'sandbox' });
    expect(answer).toMatchObject({ authorised: true });
  }).toPass({ timeout: 10_000 });
  await signIn();
  const trouble = new TroubleshootingPage(page);

  await test.step('a sandbox token in production', async () => {
    await backEnd.send('alice', 'tester', 'From the test build');
    await trouble.open(access_id, 'tester');
    await expect(trouble.message('From the test build')).toContainText('No certificate for the environment');
    await expect(trouble.device('tester')).toContainText('Would not be pushed: No certificate for the environment');
  });

  await test.step('the certificate has ended', async () => {
    await backEnd.register('carol', { ...iphone, vendor_token: token('b'), environment: 'production' });
    world.expireCertificates(bundle);
    await expect(async () => {
      await trouble.open(access_id, 'carol');
      await expect(trouble.device('carol')).toContainText('Would not be pushed: Certificate expired', { timeout: 500 });
    }).toPass({ timeout: 10_000 });
    await backEnd.send('alice', 'carol', 'After the end');
    await trouble.search('carol');
    await expect(trouble.message('After the end')).toContainText('Certificate expired');
  });
});
