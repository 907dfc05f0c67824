// Further package names of an Android application: each with vendor keys of its own.
import { violations } from '../../fixtures/accessibility';
import { expect, test } from '../../fixtures/test';
import { BasicConfigPage, ChannelPage, PackagesPage } from '../../pages/BasicConfigPages';

const PACKAGE = 'com.example.chat';
const LITE = 'com.example.chat.lite';

test('a device under another package name is pushed with the keys of that package', async ({ page, world, apply, signIn, unique, script }) => {
  const [product, im, user] = [`Packages ${unique}`, `IM ${unique}`, `carol-${unique}`];
  const own = world.credentials.oppo;
  const token = `CN_${unique.replace(/\W/g, '').toLowerCase().padEnd(32, 'a').slice(0, 32)}`;
  const report = await apply({
    products: [{ name: product, access_point: 'ap-guangzhou', applications: [{ platform: 'android', identifier: PACKAGE }] }],
    im_applications: [{ name: im, access_point: 'ap-guangzhou' }],
    authorisations: [{ im_application: im, product, platform: 'android' }],
    devices: [{ im_application: im, user, platform: 'android', channel: 'oppo', vendor_token: token, identifier: LITE }],
  });
  const { access_id } = report.products[0].applications[0];
  await signIn();
  const config = new BasicConfigPage(page);
  const packages = new PackagesPage(page);
  await config.open(access_id);

  await test.step('what is no package name, or the application has, is refused', async () => {
    for (const wrong of ['chat', PACKAGE]) {
      await packages.add(wrong);
      await expect(packages.name).toHaveAttribute('aria-invalid', 'true');
    }
    await packages.add(LITE);
    await expect(packages.section(LITE)).toBeVisible();
    await expect(packages.card(LITE, 'OPPO')).toContainText('Not configured');
  });

  await test.step('its vendor keys are entered, verified, and used', async () => {
    await packages.edit(LITE, 'OPPO');
    const channel = new ChannelPage(page);
    await channel.field('AppKey').fill(own.app_key);
    await channel.field('MasterSecret').fill(own.master_secret);
    await channel.save();
    const card = packages.card(LITE, 'OPPO');
    await expect(card).toContainText('Saved, not verified');
    await expect(config.card('OPPO').first(), 'the main package has none').toContainText('Not configured');
    await card.getByRole('button', { name: 'Verify', exact: true }).click();
    await expect(card).toContainText('The vendor takes it');
    if (script) expect(await violations(page)).toEqual([]);
    const sent = await world.im(report.im_applications[0]).send('alice', user, 'Good morning');
    expect(sent.ErrorCode, sent.ErrorInfo).toBe(0);
    await expect.poll(async () => (await world.inbox(token)).filter((one) => one.status === 200).length).toBe(1);
  });

  await test.step('keys are removed after a question', async () => {
    await packages.edit(LITE, 'OPPO');
    await packages.main.getByRole('link', { name: 'Remove these keys' }).click();
    await expect(packages.main).toContainText('must be entered again');
    await packages.button('Remove the OPPO keys').click();
    await expect(packages.card(LITE, 'OPPO')).toContainText('Not configured');
  });

  await test.step('removing the name tells of the device that is registered under it', async () => {
    await packages.section(LITE).getByRole('link', { name: `Remove package name ${LITE}` }).click();
    await expect(packages.main).toContainText('Registered under it: 1 device.');
    if (script) expect(await violations(page)).toEqual([]);
    await packages.button('Remove package name').click();
    await expect(packages.section(LITE)).toHaveCount(0);
    await expect(page.getByText(`Package name “${LITE}” was removed.`)).toBeVisible();
  });
});

test('a package without a Firebase key of its own says that the main package’s is used', async ({ page, world, apply, signIn, unique }) => {
  const report = await apply({
    products: [
      {
        name: `Lent ${unique}`,
        access_point: 'ap-guangzhou',
        applications: [
          {
            platform: 'android',
            identifier: PACKAGE,
            channels: { fcm: { service_account: JSON.stringify(world.credentials.fcm.service_account) } },
          },
        ],
      },
    ],
  });
  await signIn();
  await new BasicConfigPage(page).open(report.products[0].applications[0].access_id);
  const packages = new PackagesPage(page);
  await packages.add(LITE);
  await expect(packages.card(LITE, 'FCM')).toContainText('One Firebase project serves several apps');
  await expect(packages.card(LITE, 'vivo')).toContainText('Not configured');
});
