// Vendor settings kept with an IM application: copied on authorisation, followed on change, never over what was set by hand.
import { expect, test } from '../../fixtures/test';
import { AddAuthorisationPage, AuthorisationPage } from '../../pages/AuthorisationPages';
import { BasicConfigPage, ChannelPage, upload } from '../../pages/BasicConfigPages';
import { ImApplicationPage } from '../../pages/ImApplicationPages';

test.beforeEach(({ signIn }) => signIn());

const description = (unique: string) => ({
  products: [
    { name: `Followed ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'android' as const }] },
  ],
  im_applications: [{ name: `Kept ${unique}`, access_point: 'ap-guangzhou' }],
});

test('an application takes the settings, follows them, differs by hand, and takes them over', async ({ page, apply, unique }) => {
  test.setTimeout(90_000);
  const { products: [product], im_applications: [{ sdk_app_id }] } = await apply(description(unique));
  const [application] = product.applications;
  const name = `Kept ${unique}`;
  const [im, config, channel] = [new ImApplicationPage(page), new BasicConfigPage(page), new ChannelPage(page)];
  const [kept, own] = [im.card('vivo'), config.card('vivo')];

  async function keep(appId: string) {
    await im.open(sdk_app_id);
    await im.editChannel('vivo');
    await channel.field('AppID').fill(appId);
    await channel.save();
    await expect(im.notice).toContainText('The vivo channel was saved.');
    await expect(kept).toContainText(appId);
  }

  await test.step('kept with the IM application', async () => {
    await im.open(sdk_app_id);
    await expect(kept).toContainText('Not configured');
    await im.editChannel('vivo');
    for (const [label, value] of Object.entries({ AppID: '10004', AppKey: 'a-key', AppSecret: 'never-shown' })) {
      await channel.field(label).fill(value);
    }
    await channel.save();
    await expect(kept).toContainText('10004');
    expect(await page.content()).not.toContain('never-shown');
  });

  await test.step('copied when it is authorised', async () => {
    await config.open(application.access_id);
    await expect(own).toContainText('Not configured');
    await new AddAuthorisationPage(page).open(product.id);
    await new AddAuthorisationPage(page).authorise({ im: name, product: product.name, application: application.name });
    await expect(new AuthorisationPage(page).notice).toContainText('is authorised');
    await config.open(application.access_id);
    await expect(own).toContainText('10004');
    await expect(own).toContainText(/Set on \d{4}-\d\d-\d\d by root\b/);
  });

  await test.step('a later change follows', async () => {
    await keep('10005');
    await config.open(application.access_id);
    await expect(own).toContainText('10005');
    await expect(own).not.toContainText(`Not the settings of ${name}`);
  });

  await test.step('changed by hand it differs, and is left alone', async () => {
    await config.editChannel('vivo');
    await channel.field('AppID').fill('20001');
    await channel.save();
    await expect(own).toContainText(`Not the settings of ${name}`);
    await keep('10006');
    await expect(kept).toContainText(`${product.name} / ${application.name} (Android) does not follow`);
    await config.open(application.access_id);
    await expect(own).toContainText('20001');
    await expect(own).toContainText(`Not the settings of ${name}`);
  });

  await test.step('taking over asks first', async () => {
    await config.takeOver('vivo');
    await expect(config.main).toContainText(`Put the settings of ${name} in the place of this card's?`);
    await expect(config.main, 'what would be lost').toContainText('20001');
    await expect(config.link('Cancel')).toBeFocused();
    await config.link('Cancel').click();
    await expect(own).toContainText('20001');
    await config.takeOver('vivo');
    await config.button("Take over the IM application's settings").click();
    await expect(config.notice).toContainText("The vivo channel follows the IM application's settings now.");
    await expect(own).toContainText('10006');
    await expect(own).not.toContainText(`Not the settings of ${name}`);
  });

  await test.step('from the page of the IM application it leads back there', async () => {
    await config.editChannel('vivo');
    await channel.field('AppID').fill('20002');
    await channel.save();
    await im.open(sdk_app_id);
    await kept.getByRole('link', { name: "Take over the IM application's settings for vivo" }).click();
    await expect(im.main).toContainText('20002');
    await im.button("Take over the IM application's settings").click();
    await expect(im.heading).toHaveText(name);
    await expect(im.notice).toContainText("The vivo channel follows the IM application's settings now.");
    await expect(kept).not.toContainText('does not follow');
  });
});

test("FCM's service account is uploaded as a file too", async ({ page, apply, world, unique }) => {
  const { im_applications: [{ sdk_app_id }] } = await apply(description(unique));
  const account = world.credentials.fcm.service_account;
  const [im, channel] = [new ImApplicationPage(page), new ChannelPage(page)];
  await im.open(sdk_app_id);
  await im.editChannel('FCM');
  await channel.uploadFile(upload('service.json', 'not json'));
  await expect(channel.refusal).toBeVisible();
  await expect(channel.main).toContainText('not a service account file');
  await channel.uploadFile(upload('service.json', JSON.stringify(account)));
  await expect(im.notice).toContainText('The FCM channel was saved.');
  await expect(im.card('FCM')).toContainText(account.client_email);
  expect(await page.content()).not.toContain(account.private_key.split('\n')[1]);
});
