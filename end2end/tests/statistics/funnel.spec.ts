// The funnel of an application: what happened is counted, and chart, tables and file say the same.
import { PACKAGE, androidApp } from '../../fixtures/android';
import { expect, test } from '../../fixtures/test';
import { FunnelPage, type Figures } from '../../pages/FunnelPage';

const sum = (lines: Figures[]): Figures => {
  const all: Figures = {};
  for (const line of lines) for (const [stage, n] of Object.entries(line)) all[stage] = (all[stage] ?? 0) + n;
  return all;
};

test('what happened to messages is counted by stage, by channel and by reason', async ({ page, world, apply, signIn, unique }) => {
  test.setTimeout(90_000);
  const app = await androidApp(world, apply, unique, {
    fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) },
  });
  const { backEnd } = app;
  const token = (name: string) => `${name}-${unique}`;
  await app.phone('ready', { channel: 'fcm', vendor_token: token('ready') });
  const phone = { platform: 'android' as const, channel: 'fcm', identifier: PACKAGE, vendor_token: token('ready') };
  const { token: device } = await backEnd.register('ready', phone);
  await backEnd.register('quiet', { ...phone, vendor_token: token('quiet'), notifications_on: false });
  for (const text of ['One', 'Two', 'Three']) await backEnd.send('alice', 'ready', text);
  await backEnd.send('alice', 'quiet', 'Nothing rings');
  await backEnd.send('alice', 'nobody', 'Nobody there');
  await expect.poll(async () => (await world.inbox(token('ready'))).length, { timeout: 20_000 }).toBe(3);
  const deliveries = (await world.inbox(token('ready'))).map(({ json }) => json.message.data.homing_delivery as string);
  await backEnd.acknowledge('ready', device, deliveries[0], 'clicked');
  await backEnd.acknowledge('ready', device, deliveries[1], 'reached');
  await backEnd.acknowledge('ready', device, deliveries[1], 'reached');
  await backEnd.acknowledge('ready', device, deliveries[1], 'cleared');
  await signIn();
  const funnel = new FunnelPage(page);

  const expected = { planned: 5, sent: 3, reached: 2, clicked: 1, cleared: 1, unsent: 2, undelivered: 0 };
  await test.step('the stages, their rates and the losses beside them', async () => {
    await expect(async () => {
      await funnel.open(app.access_id);
      await expect(funnel.total('sent')).toHaveText('3', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await expect(funnel.heading).toHaveText('Conversion Funnel');
    for (const [stage, n] of Object.entries(expected)) await expect(funnel.total(stage), stage).toHaveText(String(n));
    await expect(funnel.rate('sent')).toHaveText('60.0% of planned');
    await expect(funnel.rate('reached')).toHaveText('66.7% of sent');
    await expect(funnel.rate('clicked')).toHaveText('50.0% of reached');
    await expect(funnel.loss('notifications_off')).toHaveText('1');
    await expect(funnel.loss('receiver_unknown')).toHaveText('1');
    await expect(funnel.channels.getByRole('row').filter({ hasText: 'FCM' })).toContainText('66.7%');
  });

  await test.step('chart, table and file say the same', async () => {
    await expect(funnel.main.locator('svg polyline')).toHaveCount(4);
    const [table, file] = [await funnel.table(), await funnel.file()];
    expect(table.total).toEqual(expected);
    expect(sum(table.lines)).toEqual(expected);
    expect(file.total).toEqual(expected);
    expect(file.lines).toEqual(table.lines);
    expect(table.lines).toHaveLength(7);
  });

  await test.step('each plan has its figures, and a page of its own', async () => {
    const row = funnel.plans.getByRole('row').filter({ hasText: 'IM message' });
    await expect(row.locator('[data-stage]')).toHaveText(['5', '3', '2', '1', '1', '2', '0']);
    await expect(row).toContainText('66.7%');
    await row.getByRole('link', { name: 'IM message' }).click();
    await expect(funnel.plans).toHaveCount(0);
    await expect(funnel.total('planned')).toHaveText('5');
    await page.goto(`/applications/${app.access_id}/plans`);
    await funnel.main.getByRole('link', { name: 'IM message', exact: true }).click();
    await funnel.link('Plan overview').click();
    await expect(funnel.heading).toHaveText('Conversion Funnel');
    await expect(funnel.main.getByLabel('Push plan', { exact: true })).not.toHaveValue('');
    await expect(funnel.total('planned')).toHaveText('5');
  });

  await test.step('one day is shown by hours', async () => {
    await funnel.link('Today').click();
    await expect(funnel.total('planned')).toHaveText('5');
    const { lines } = await funnel.table();
    expect(lines).toHaveLength(24);
    expect(sum(lines)).toEqual(expected);
  });

  await test.step('distinct devices count once', async () => {
    await funnel.main.getByLabel('Count').selectOption({ label: 'Distinct devices (UV)' });
    await funnel.button('Search').click();
    await expect(funnel.total('planned')).toHaveText('2');
    for (const [stage, n] of Object.entries({ sent: 1, reached: 1, clicked: 1 }))
      await expect(funnel.total(stage), stage).toHaveText(String(n));
    await expect(funnel.total('unsent')).toHaveText('2');
    expect((await funnel.file()).total).toMatchObject({ planned: 2, sent: 1, reached: 1 });
  });

  await test.step('a kind of messages that there were none of', async () => {
    await funnel.main.getByLabel('Kind of message').selectOption({ label: 'Test of a channel' });
    await funnel.button('Search').click();
    await expect(funnel.main).toContainText('Nothing happened in this time');
  });

  await test.step('what cannot be told is said not to be measurable', async () => {
    const blind = await androidApp(world, apply, `${unique}-blind`, {
      fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) },
    });
    await blind.phone('deaf', { channel: 'fcm', vendor_token: token('deaf') });
    await blind.backEnd.send('alice', 'deaf', 'No answer');
    await expect(async () => {
      await funnel.open(blind.access_id);
      await expect(funnel.total('sent')).toHaveText('1', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await expect(funnel.rate('reached')).toHaveText('not measurable');
    await expect(funnel.channels.getByRole('row').filter({ hasText: 'FCM' })).toContainText('not measurable');
  });
});

test('days are those of a zone that is chosen for the account', async ({ page, world, apply, signIn, unique }) => {
  const app = await androidApp(world, apply, unique, {});
  await app.phone('ready', { channel: 'fcm', vendor_token: `zone-${unique}` });
  await app.backEnd.send('alice', 'ready', 'Somewhere');
  await signIn();
  const funnel = new FunnelPage(page);
  await funnel.open(app.access_id);
  await expect(funnel.main).toContainText('Days of UTC.');
  await funnel.link('Change time zone').click();
  await expect(funnel.heading).toHaveText('Time zone');
  const zone = funnel.field('Time zone of statistics');
  await zone.selectOption('Asia/Kolkata');
  await funnel.button('Save').click();
  await expect(funnel.notice).toContainText('Days are those of Asia/Kolkata from now on.');
  await funnel.open(app.access_id);
  await expect(funnel.main).toContainText('Days of Asia/Kolkata.');
  expect(await funnel.file()).toMatchObject({ zone: 'Asia/Kolkata', total: { planned: 1, unsent: 1 } });
  await page.goto('/account/time-zone');
  await zone.selectOption('UTC');
  await funnel.button('Save').click();
  await expect(funnel.notice).toContainText('Days are those of UTC');
});
