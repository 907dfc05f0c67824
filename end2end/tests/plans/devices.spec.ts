// Which way a message goes is the device's own: Huawei's two interfaces, and FCM in the place of a vendor without a card.
import { androidApp } from '../../fixtures/android';
import { expect, test } from '../../fixtures/test';
import { MessagePage, PlanDetailsPage } from '../../pages/PlanPages';

test('HMS and HarmonyOS devices go by their own interface, and FCM stands in where the vendor has no card', async ({
  page,
  world,
  apply,
  signIn,
  unique,
}) => {
  const { huawei, fcm } = world.credentials;
  const { app_id, app_secret, project_id, service_account } = huawei;
  const app = await androidApp(world, apply, unique, {
    huawei: { app_id, app_secret, service_account: JSON.stringify(service_account) },
    fcm: { service_account: JSON.stringify(fcm.service_account) },
  });
  const token = (kind: string) => `${kind}-${unique}`;
  await app.phone('hms', { channel: 'huawei', vendor_token: token('hms'), fcm_token: token('unused') });
  await app.phone('harmony', { channel: 'huawei', vendor_token: token('harmony'), harmony_os: true });
  await app.phone('xiaomi', { channel: 'xiaomi', vendor_token: token('regid'), fcm_token: token('stand-in') });
  await app.phone('oppo', { channel: 'oppo', vendor_token: token('alone') });
  for (const user of ['hms', 'harmony', 'xiaomi', 'oppo']) await app.backEnd.send('alice', user, `To ${user}`);

  await signIn();
  const [details, message] = [new PlanDetailsPage(page), new MessagePage(page)];
  const expected: [string, string, RegExp][] = [
    ['hms', 'Huawei', /Sent|Reached/],
    ['harmony', 'Huawei', /Sent|Reached/],
    ['xiaomi', 'FCM', /Sent/],
    ['oppo', 'OPPO', /Not sent.*Vendor channel not configured/s],
  ];
  for (const [user, channel, state] of expected) {
    await test.step(user, async () => {
      await expect(async () => {
        await details.open(app.access_id, app.plan);
        await expect(details.message(`To ${user}`)).toContainText(state, { timeout: 500 });
      }).toPass({ timeout: 20_000 });
      await expect(details.message(`To ${user}`)).toContainText(channel);
      await details.openMessage(`To ${user}`);
      await expect(message.delivery(channel)).toContainText(state);
      const stoodIn = message.delivery(channel).getByText('The device’s own: Xiaomi');
      await expect(stoodIn).toHaveCount(user === 'xiaomi' ? 1 : 0);
    });
  }

  const paths = async (of: string) => (await world.inbox(token(of))).map((sent) => sent.path);
  expect(await paths('hms')).toEqual([`/v1/${app_id}/messages:send`]);
  expect(await paths('harmony')).toEqual([`/v3/${project_id}/messages:send`]);
  const [{ headers }] = await world.inbox(token('harmony'));
  expect(headers['push-type']).toBe('0');
  expect(await paths('stand-in')).toHaveLength(1);
  expect(await paths('unused'), 'the vendor has a card').toEqual([]);
});
