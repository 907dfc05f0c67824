// A credential that the vendor refuses: the channel is paused, messages wait, and go on once the vendor takes it.
import { androidApp } from '../../fixtures/android';
import { expect, test } from '../../fixtures/test';
import { AlarmsPage } from '../../pages/AlarmsPage';
import { BasicConfigPage, ChannelPage } from '../../pages/BasicConfigPages';
import { MessagePage, PlanDetailsPage } from '../../pages/PlanPages';

test.beforeEach(({ signIn }) => signIn());

/** vivo's device ids are 23 digits. */
const regId = (unique: string) => BigInt(`0x${unique}`).toString().padStart(23, '1');

test('a credential that the vendor revokes holds messages back until the vendor takes it again', async ({ page, world, apply, unique }) => {
  test.setTimeout(120_000);
  const app = await androidApp(world, apply, unique, { vivo: world.credentials.vivo });
  await app.phone('bob', { channel: 'vivo', vendor_token: regId(unique) });
  const takeBack = await world.script({ vendor: 'vivo', errorCode: '10000', reason: 'the key was revoked' });
  const [config, details, alarms] = [new BasicConfigPage(page), new PlanDetailsPage(page), new AlarmsPage(page)];
  const card = config.card('vivo');
  try {
    await app.backEnd.send('alice', 'bob', 'Held back');
    await expect(async () => {
      await config.open(app.access_id);
      await expect(card).toContainText('The vendor refuses the credential', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await expect(card).toContainText('Paused');
    await expect(card).toContainText(/the vendor answers 10000: .*the key was revoked/);
    await expect(async () => {
      await alarms.open();
      await expect(alarms.goingOn(app.access_id)).toContainText('vivo refuses the credential', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await expect(alarms.goingOn(app.access_id)).toContainText('the key was revoked');
    await expect(alarms.link, 'the header counts it').toHaveAccessibleName(/^Alarms: \d+ not acknowledged$/);
    await alarms.acknowledge(app.access_id);
    await expect(alarms.goingOn(app.access_id)).toContainText('Acknowledged');
    await alarms.goingOn(app.access_id).getByRole('link').click();
    await config.verifyAndResume('vivo');
    await expect(config.notice).toContainText('vivo (10000): the vendor refuses the credential');
    await expect(card).toContainText('Paused');
    await app.backEnd.send('alice', 'bob', 'Behind it');
    await details.open(app.access_id, app.plan);
    await expect(details.message('Held back')).toContainText('Credential refused');
    await expect(details.message('Behind it'), 'the vendor is not asked again in vain').toContainText('Waiting');
  } finally {
    await takeBack();
  }

  await config.open(app.access_id);
  await config.verifyAndResume('vivo');
  await expect(config.notice).toContainText('vivo takes the credential.');
  await expect(card).not.toContainText('Paused');
  await expect(card).not.toContainText('The vendor refuses the credential');
  await expect(async () => {
    await alarms.open();
    await expect(alarms.ended(app.access_id)).toContainText('vivo refuses the credential', { timeout: 500 });
  }, 'the alarm ends by itself').toPass({ timeout: 20_000 });
  await expect(alarms.goingOn(app.access_id)).toHaveCount(0);
  for (const text of ['Held back', 'Behind it']) {
    await expect(async () => {
      await details.open(app.access_id, app.plan);
      await expect(details.message(text)).toContainText(/Sent|Reached/, { timeout: 500 });
    }).toPass({ timeout: 60_000 });
  }
  await details.openMessage('Held back');
  const tries = page.getByRole('table', { name: /^Tries for bob/ });
  await expect(tries, 'what the vendor said at first stays to be read').toContainText('the key was revoked');
  await expect(new MessagePage(page).delivery('vivo')).toContainText(/Sent|Reached/);
});

test('a wrong secret holds messages back until it is corrected', async ({ page, world, apply, unique }) => {
  const { vivo } = world.credentials;
  const app = await androidApp(world, apply, unique, { vivo: { ...vivo, app_secret: 'mistyped' } });
  await app.phone('bob', { channel: 'vivo', vendor_token: regId(unique) });
  await app.backEnd.send('alice', 'bob', 'Waits for its key');
  const [config, channel, details] = [new BasicConfigPage(page), new ChannelPage(page), new PlanDetailsPage(page)];
  const card = config.card('vivo');
  await expect(async () => {
    await config.open(app.access_id);
    await expect(card).toContainText('The vendor refuses the credential', { timeout: 500 });
  }).toPass({ timeout: 20_000 });

  await config.editChannel('vivo');
  await expect(channel.main, 'the form says why one is here').toContainText('The vendor refuses the credential');
  await channel.field('AppSecret').fill(vivo.app_secret);
  await channel.save();
  await expect(card).not.toContainText('The vendor refuses the credential');
  await config.verify('vivo');
  await expect(config.notice).toContainText('vivo takes the credential.');
  await expect(async () => {
    await details.open(app.access_id, app.plan);
    await expect(details.message('Waits for its key')).toContainText(/Sent|Reached/, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
});
