// A vendor's quota of the day: what the card says when it is spent, and where the messages that wait are found.
import { expect, test } from '../../fixtures/test';
import { BasicConfigPage } from '../../pages/BasicConfigPages';
import { PlanDetailsPage } from '../../pages/PlanPages';

const PACKAGE = 'com.example.chat';

test('a spent quota is told on the card, with the messages that wait for it', async ({ page, world, apply, signIn, unique }) => {
  test.setTimeout(90_000);
  const { app_id, app_key, app_secret } = await world.vivoWithQuota(2);
  const product = `Quota ${unique}`;
  const im = `IM ${unique}`;
  const report = await apply({
    products: [
      {
        name: product,
        access_point: 'ap-guangzhou',
        applications: [{ platform: 'android', identifier: PACKAGE, channels: { vivo: { app_id, app_key, app_secret } } }],
      },
    ],
    im_applications: [{ name: im, access_point: 'ap-guangzhou' }],
    authorisations: [{ im_application: im, product, platform: 'android' }],
    devices: [
      { im_application: im, user: 'bob', platform: 'android', channel: 'vivo', vendor_token: `15634987${unique}`, identifier: PACKAGE },
    ],
  });
  const { access_id } = report.products[0].applications[0];
  const backEnd = world.im(report.im_applications[0]);
  await signIn();
  const config = new BasicConfigPage(page);
  const card = config.card('vivo');

  await test.step('while there is quota, nothing is said', async () => {
    // The server notices what was applied within a second.
    await expect(async () => expect(await backEnd.send('alice', 'bob', 'One')).toMatchObject({ ErrorCode: 0 })).toPass({ timeout: 20_000 });
    expect(await backEnd.send('alice', 'bob', 'Two')).toMatchObject({ ErrorCode: 0 });
    await config.open(access_id);
    await expect(card).not.toContainText('Quota of');
  });

  await test.step('when it is spent, the card says so and what to do', async () => {
    for (const text of ['Three', 'Four', 'Five']) await backEnd.send('alice', 'bob', text);
    await expect(async () => {
      await config.open(access_id);
      await expect(card).toContainText('3 message(s) held back', { timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await expect(card).toContainText(/Quota of communication messages spent until \d{4}-\d\d-\d\d 00:00:00 UTC\+08:00/);
    await expect(card).toContainText('the vendor answers 10073');
    await expect(card).toContainText('What to do: apply to vivo');
  });

  await test.step('its link leads to the messages that wait', async () => {
    await card.getByRole('link', { name: /held back/ }).click();
    await expect(page).toHaveURL(/\/plans\/\d+\?channel=vivo&reason=quota_spent$/);
    const details = new PlanDetailsPage(page);
    for (const text of ['Three', 'Four', 'Five']) await expect(details.message(text)).toContainText('Vendor quota spent');
    await expect(details.message('Two')).toHaveCount(0);
  });
});
