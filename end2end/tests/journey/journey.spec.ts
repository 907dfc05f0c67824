// The whole way of the product brief: from an empty server to a message that reached both vendors, seen in Details.
import { ActivatePage, SetUpPage } from '../../pages/AccountPages';
import { AddAuthorisationPage, AuthorisationPage } from '../../pages/AuthorisationPages';
import { BasicConfigPage, ChannelPage, UploadCertificatePage, upload } from '../../pages/BasicConfigPages';
import { CreateImApplicationPage, ImApplicationPage, ImApplicationsPage } from '../../pages/ImApplicationPages';
import { MessagePage, PlanDetailsPage, PlanFormPage, PlansPage } from '../../pages/PlanPages';
import { CreateProductPage, ProductsPage } from '../../pages/ProductPages';
import { expect, test, type Page } from '../../fixtures/test';
import type { ImApp } from '../../fixtures/im';
import type { World } from '../../fixtures/world';

test.use({ baseURL: async ({ freshWorld }, use) => use(freshWorld.url) });
test.setTimeout(120_000);

const ROOT = { name: 'owner', password: 'a sentence is a good password' };
const ANDROID = 'Chat Android';
const IOS = 'Chat iOS';
const PACKAGE = 'com.example.chat';
const FCM_TOKEN = 'dQw4w9WgXcQ:APA91b-journey';
const APNS_TOKEN = 'a1'.repeat(32);
const SANDBOX_TOKEN = 'b2'.repeat(32);

test('an IM message reaches both vendors, and the console shows it', async ({ page, freshWorld: world, script }) => {
  await test.step('set the server up and activate the service', () => setUp(page, world));
  await test.step('create a product', () => createProduct(page));
  const im = await test.step('create an IM application', () => createImApplication(page));
  await test.step('authorise it to both applications', () => authorise(page));
  await test.step('the applications push IM messages, by a plan that is fixed', () => checkEffects(page));
  await test.step('configure the Android application', () => configureAndroid(page, world));
  await test.step('configure the iOS application', () => configureIos(page, world));
  await test.step('devices of client apps register', () => registerDevices(world, im));
  await test.step('a message is sent, and Details shows it', () => sendAndWatch(page, world, im, script));
  await test.step('what was not sent tells why', () => explainSkipped(page));
});

async function setUp(page: Page, world: World) {
  await page.goto('/');
  await new SetUpPage(page).createRoot({ ...ROOT, token: await world.setUpToken() });
  const activate = new ActivatePage(page);
  await expect(activate.heading).toHaveText('Welcome to Homing');
  await expect(activate.main).toContainText('Pushing for authorised IM applications is free of charge.');
  await activate.activate();
  await expect(activate.notice).toContainText('The service is activated.');
}

async function createProduct(page: Page) {
  const products = new ProductsPage(page);
  await expect(products.main).toContainText('No products yet');
  await products.createProduct.click();
  await new CreateProductPage(page).create({
    name: 'Chat',
    category: 'Communication',
    accessPoint: 'Guangzhou',
    platforms: ['Android', 'iOS'],
  });
  await expect(products.application(ANDROID)).toContainText('Not enabled');
  await expect(products.application(IOS)).toContainText('Not enabled');
}

async function createImApplication(page: Page): Promise<ImApp> {
  const list = new ImApplicationsPage(page);
  await list.navigate('IM Applications');
  await list.create.click();
  await new CreateImApplicationPage(page).submit({ name: 'Chat IM', accessPoint: 'Guangzhou' });
  const im = new ImApplicationPage(page);
  await expect(im.notice).toContainText('IM application “Chat IM” was created.');
  await expect(im.heading).toHaveText('Chat IM');
  const sdk_app_id = Number(await im.value('SDKAppID').getByRole('code').innerText());
  await im.reveal('Key');
  const key = await page.getByRole('code').filter({ hasText: /^[0-9a-f]{64}$/ }).innerText();
  return { sdk_app_id, key };
}

async function authorise(page: Page) {
  const products = new ProductsPage(page);
  await products.navigate('Product Management');
  await products.operate('Chat', 'Third-party Authorization');
  const authorisation = new AuthorisationPage(page);
  await expect(authorisation.heading).toHaveText('Third-Party Service Authorization');
  await authorisation.imMode.click();
  await expect(authorisation.introduction).toBeVisible();
  await authorisation.acknowledge();
  await expect(authorisation.introduction).toBeHidden();
  for (const application of [ANDROID, IOS]) {
    await authorisation.add.click();
    await new AddAuthorisationPage(page).authorise({ im: 'Chat IM', product: 'Chat', application });
    await expect(authorisation.notice).toContainText(`“${application}” is authorised.`);
    await expect(authorisation.row(application)).toContainText('Chat IM');
  }
}

async function checkEffects(page: Page) {
  const products = new ProductsPage(page);
  await products.navigate('Product Management');
  await expect(products.application(ANDROID)).toContainText('IM push only (free)');
  await expect(products.application(IOS)).toContainText('IM push only (free)');

  await products.configure(ANDROID);
  const plans = new PlansPage(page);
  await plans.navigate('Push Plan');
  const plan = plans.row('IM message');
  await expect(plan).toContainText('IM authorisation');
  await expect(plan.getByRole('link', { name: /Edit|Delete/ })).toHaveCount(0);
  await plans.details('IM message');
  await expect(page.getByText('No messages yet')).toBeVisible();
  await page.goto(`${page.url()}/edit`);
  await expect(new PlanFormPage(page).main).toContainText('This plan cannot be changed');
}

async function configureAndroid(page: Page, world: World) {
  const config = new BasicConfigPage(page);
  await config.navigate('Basic Config');
  await config.saveIdentifier(config.packageName, PACKAGE);
  await expect(config.notice).toContainText(`“${PACKAGE}” was saved.`);

  await config.editChannel('FCM');
  const channel = new ChannelPage(page);
  await channel.serviceAccount.fill(JSON.stringify(world.credentials.fcm.service_account, null, 2));
  await channel.save();
  await expect(config.notice).toContainText('The FCM channel was saved.');
  await expect(config.card('FCM')).toContainText('Saved, not verified');
  await config.verify('FCM');
  await expect(config.card('FCM')).toContainText('The vendor takes it');
  await expect(config.card('FCM')).toContainText('Enabled');
  await expect(config.card('FCM')).toContainText(world.credentials.fcm.project_id);
}

async function configureIos(page: Page, world: World) {
  const { apns, apns_certificate: certificate } = world.credentials;
  const products = new ProductsPage(page);
  await products.navigate('Product Management');
  await products.configure(IOS);
  const config = new BasicConfigPage(page);
  await config.navigate('Basic Config');
  await config.saveIdentifier(config.bundleId, apns.topic);

  const form = new UploadCertificatePage(page);
  await config.uploadCertificate.click();
  await form.upload({
    kind: 'p8',
    file: upload('AuthKey.p8', apns.p8),
    keyId: apns.key_id,
    teamId: apns.team_id,
    environments: ['Development (sandbox)'],
  });
  await expect(config.notice).toContainText('is in force');
  await config.uploadCertificate.click();
  await form.upload({
    kind: 'p12',
    file: upload('push.p12', Buffer.from(certificate.p12_base64, 'base64')),
    password: certificate.password,
    environments: ['Production'],
  });
  await expect(config.notice).toContainText('is in force');
  await expect(config.card('Signing key (.p8)')).toContainText('Development (sandbox)');
  await expect(config.card('Certificate (.p12)')).toContainText(apns.topic);
  await expect(config.card('Certificate (.p12)')).toContainText(/\d+ days left/);
}

async function registerDevices(world: World, im: ImApp) {
  const backEnd = world.im(im);
  const { topic } = world.credentials.apns;
  const devices = [
    { platform: 'android', channel: 'fcm', vendor_token: FCM_TOKEN, identifier: PACKAGE },
    { platform: 'ios', channel: 'apns', vendor_token: APNS_TOKEN, identifier: topic },
    { platform: 'ios', channel: 'apns', vendor_token: SANDBOX_TOKEN, identifier: topic, environment: 'sandbox' },
  ];
  for (const device of devices) {
    expect(await backEnd.register('bob', device)).toMatchObject({ authorised: true });
  }
  await backEnd.register('carol', { ...devices[0], vendor_token: 'carol-fcm', identifier: 'com.example.other' });
}

async function sendAndWatch(page: Page, world: World, im: ImApp, script: boolean) {
  const plans = new PlansPage(page);
  await plans.navigate('Push Plan');
  await plans.details('IM message');
  const details = new PlanDetailsPage(page);
  await expect(page.getByText('No messages yet')).toBeVisible();
  if (script) await page.evaluate(() => document.body.setAttribute('data-loaded', 'once'));

  const sent = await world.im(im).send('alice', 'bob', 'Dinner at eight?', { OfflinePushInfo: { PushFlag: 0, Title: 'Alice' } });
  expect(sent).toMatchObject({ ActionStatus: 'OK', ErrorCode: 0 });
  await world.im(im).send('alice', 'carol', 'Are you there?');

  const row = details.message('Dinner at eight?');
  const complete = async () => {
    if (!script) await page.reload();
    await expect(row.getByText('Sent', { exact: true })).toHaveCount(2, { timeout: script ? 10_000 : 500 });
    // The page counts and lists in two reads, between which a device may settle.
    await expect(details.count('sent')).toHaveText('2', { timeout: script ? 10_000 : 500 });
  };
  await expect(complete).toPass({ timeout: 15_000 });
  if (script) await expect(page.locator('body')).toHaveAttribute('data-loaded', 'once');
  await expect(row).toContainText('alice → bob');

  const [fcm] = await world.inbox(FCM_TOKEN);
  expect(fcm).toMatchObject({ vendor: 'fcm', status: 200, path: '/v1/projects/homing-simulator/messages:send' });
  const [apns] = await world.inbox(APNS_TOKEN);
  expect(apns).toMatchObject({ vendor: 'apns', environment: 'production', status: 200 });
  expect(apns.json.aps.alert).toEqual({ title: 'Alice', body: 'Dinner at eight?' });
  const [sandbox] = await world.inbox(SANDBOX_TOKEN);
  expect(sandbox).toMatchObject({ vendor: 'apns', environment: 'sandbox', status: 200 });
}

async function explainSkipped(page: Page) {
  const details = new PlanDetailsPage(page);
  await details.switchApplication(ANDROID);
  const plans = new PlansPage(page);
  await plans.details('IM message');
  await expect(details.message('Dinner at eight?')).toContainText('FCM');
  await expect(details.message('Dinner at eight?')).toContainText('Sent');
  await expect(details.message('Are you there?')).toContainText('Not sent');
  await expect(details.message('Are you there?')).toContainText('Other package or bundle');
  await details.openMessage('Are you there?');
  const message = new MessagePage(page);
  await expect(message.delivery('FCM')).toContainText('Not sent');
  await expect(message.delivery('FCM')).toContainText('Compare Basic Config with the app.');
}
