import { MARKUP } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { BasicConfigPage, ChannelPage, upload } from '../../pages/BasicConfigPages';

const app = (unique: string) => ({
  products: [{ name: `Vendors ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'android' as const }] }],
});

test.beforeEach(({ signIn }) => signIn());

const FIELDS: Record<string, Record<string, string>> = {
  Huawei: { AppID: '100000001', 'Client Secret': 'huawei-secret' },
  HONOR: { AppID: '104000001', ClientID: 'honor-client', 'Client Secret': 'honor-secret' },
  Xiaomi: { AppID: '2882303761', AppKey: '5401', AppSecret: 'xiaomi-secret' },
  OPPO: { AppKey: 'oppo-key', MasterSecret: 'oppo-master' },
  vivo: { AppID: '10004', AppKey: 'vivo-key', AppSecret: 'vivo-secret' },
  Meizu: { AppID: '110001', AppSecret: 'meizu-secret' },
};

test('every vendor has its card, and what is secret is never shown again', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const config = new BasicConfigPage(page);
  const channel = new ChannelPage(page);
  await config.open(access_id);
  for (const [vendor, fields] of Object.entries(FIELDS)) {
    await config.editChannel(vendor);
    for (const [label, value] of Object.entries(fields)) await channel.field(label).fill(value);
    await channel.save();
    await expect(config.notice).toContainText(`The ${vendor} channel was saved.`);
    const card = config.card(vendor);
    await expect(card).toContainText('Saved, not verified');
    await expect(card).toContainText(/Set on \d{4}-\d\d-\d\d by root\b, fingerprint [0-9a-f]{8}\./);
  }
  const html = await page.content();
  for (const fields of Object.values(FIELDS)) {
    for (const [label, value] of Object.entries(fields)) {
      if (/Secret/.test(label)) expect(html).not.toContain(value);
    }
  }
});

test('a secret left empty stays, and the switch turns the channel off', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const config = new BasicConfigPage(page);
  const channel = new ChannelPage(page);
  await channel.open(access_id, 'vivo');
  for (const [label, value] of Object.entries(FIELDS.vivo)) await channel.field(label).fill(value);
  await channel.save();
  const before = await config.card('vivo').getByText(/fingerprint/).innerText();

  await channel.open(access_id, 'vivo');
  await expect(channel.field('AppSecret')).toHaveValue('');
  await expect(channel.field('AppSecret')).toHaveAccessibleDescription(/Leave it empty to keep it/);
  await channel.field('AppID').fill('10005');
  await channel.enabled.uncheck();
  await channel.save();
  await expect(config.card('vivo')).toContainText('Switched off');
  await expect(config.card('vivo')).toContainText('10005');
  await expect(config.card('vivo')).toContainText(before);
});

test('wrong fields of a card are named, and the others kept', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const channel = new ChannelPage(page);
  await channel.open(access_id, 'vivo');
  await channel.save();
  await expect(channel.refusal).toContainText('3 fields need attention');
  await channel.field('AppID').fill('not a number');
  await channel.field('AppKey').fill(MARKUP);
  await channel.field('AppSecret').fill('x'.repeat(600));
  await channel.enabled.uncheck();
  await channel.save();
  await expect(channel.field('AppID')).toHaveAccessibleDescription(/Remove blanks|digits only/);
  await expect(channel.field('AppSecret')).toHaveAccessibleDescription(/at most 512 characters/);
  await expect(channel.field('AppKey')).toHaveValue(MARKUP);
  await expect(channel.enabled).not.toBeChecked();
});

test('OPPO asks for the Master Secret, which is not the App Secret', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const channel = new ChannelPage(page);
  await channel.open(access_id, 'oppo');
  await expect(channel.field('MasterSecret')).toHaveAccessibleDescription(/not the AppSecret/);
  await expect(channel.field('AppSecret')).toHaveAccessibleDescription(/kept for the client/);
});

test('a service account is checked, pasted or uploaded', async ({ page, apply, world, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const config = new BasicConfigPage(page);
  const channel = new ChannelPage(page);
  const account = world.credentials.fcm.service_account;
  const wrong: [string, RegExp][] = [
    ['', /Fill this in/],
    [MARKUP, /not a service account file/],
    ['{"type":"authorized_user"}', /not a service account file/],
    [JSON.stringify({ ...account, private_key: 'nonsense' }), /private key in this file cannot be read/],
    [JSON.stringify({ ...account, project_id: '' }), /names no project/],
  ];
  await channel.open(access_id, 'fcm');
  for (const [text, fault] of wrong) {
    await channel.serviceAccount.fill(text);
    await channel.save();
    await expect.soft(channel.serviceAccount, text.slice(0, 40)).toHaveAccessibleDescription(fault);
  }
  await channel.uploadFile(upload('service.json', 'not json'));
  await expect(channel.refusal).toBeVisible();
  await expect(channel.main).toContainText('not a service account file');

  await channel.uploadFile(upload('service.json', JSON.stringify(account)));
  await expect(config.notice).toContainText('The FCM channel was saved.');
  await expect(config.card('FCM')).toContainText(account.client_email);
  const html = await page.content();
  expect(html).not.toContain(account.private_key.split('\n')[1]);
});

test('a channel that does not exist is not there', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  for (const channel of ['apns', 'nokia']) {
    const answer = await new ChannelPage(page).open(access_id, channel);
    expect(answer?.status()).toBe(404);
  }
});
