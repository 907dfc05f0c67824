import { p12 } from '../../fixtures/certificates';
import { expect, test } from '../../fixtures/test';
import { ProductsPage } from '../../pages/ProductPages';
import { BasicConfigPage, UploadCertificatePage, upload, type Certificate } from '../../pages/BasicConfigPages';

const BUNDLE = 'com.example.certified';
const PASSWORD = 'secret of the file';

const app = (unique: string, identifier = BUNDLE) => ({
  products: [
    { name: `Apple ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' as const, identifier }] },
  ],
});

const file = (content: Buffer | string, name = 'push.p12') => upload(name, content);

test.beforeEach(({ signIn }) => signIn());

test.describe('a wrong file is refused with its own reason', () => {
  const wrong: { what: string; upload: () => Certificate; reason: RegExp }[] = [
    { what: 'no file', upload: () => ({ kind: 'p12' }), reason: /empty|Fill this in/ },
    { what: 'an empty file', upload: () => ({ kind: 'p12', file: file('') }), reason: /The file is empty/ },
    {
      what: 'a file that is no .p12',
      upload: () => ({ kind: 'p12', file: file('-----BEGIN CERTIFICATE-----\n') }),
      reason: /This is not a \.p12 file/,
    },
    {
      what: 'a wrong password',
      upload: () => ({ kind: 'p12', file: file(p12({ bundle: BUNDLE, password: PASSWORD })), password: 'wrong' }),
      reason: /The password does not open this file/,
    },
    {
      what: 'the certificate of another app',
      upload: () => ({ kind: 'p12', file: file(p12({ bundle: 'com.example.other', password: PASSWORD })), password: PASSWORD }),
      reason: /This certificate is for com\.example\.other, but the application's Bundle ID is com\.example\.certified/,
    },
    {
      what: 'an expired certificate',
      upload: () => ({ kind: 'p12', file: file(p12({ bundle: BUNDLE, password: PASSWORD, days: -1 })), password: PASSWORD }),
      reason: /This certificate expired on \d{4}-\d\d-\d\d/,
    },
    {
      what: 'a certificate for another purpose',
      upload: () => ({ kind: 'p12', file: file(p12({ bundle: BUNDLE, password: PASSWORD, environments: [] })), password: PASSWORD }),
      reason: /not for push notifications/,
    },
    {
      what: 'a certificate for the other environment',
      upload: () => ({
        kind: 'p12',
        file: file(p12({ bundle: BUNDLE, password: PASSWORD })),
        password: PASSWORD,
        environments: ['Development (sandbox)'],
      }),
      reason: /cannot be used in the environment chosen\. It is for: Production/,
    },
    { what: 'a file of 100 kB', upload: () => ({ kind: 'p12', file: file(Buffer.alloc(100_000, 0x30)) }), reason: /At most 64 KiB/ },
    {
      what: 'a .p12 as a signing key',
      upload: () => ({ kind: 'p8', file: file(p12({ bundle: BUNDLE, password: '' })), keyId: 'ABCDEFGHIJ', teamId: 'ABCDEFGHIJ' }),
      reason: /not a \.p8 key/,
    },
  ];
  test('none of them is stored', async ({ page, apply, unique }) => {
    const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
    const form = new UploadCertificatePage(page);
    await form.open(access_id);
    for (const { what, upload, reason } of wrong) {
      await test.step(what, async () => {
        await form.upload(upload());
        await expect.soft(form.refusal).toBeVisible();
        await expect.soft(form.main).toContainText(reason);
        await expect(page).toHaveURL(`/applications/${access_id}/basic-config/certificates/new`);
      });
    }
    const config = new BasicConfigPage(page);
    await config.open(access_id);
    await expect(config.main).toContainText('No certificate yet');
  });
});

test('a signing key needs its two names, and they are kept when refused', async ({ page, apply, world, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const { p8, key_id } = world.credentials.apns;
  const form = new UploadCertificatePage(page);
  await form.open(access_id);
  await form.upload({ kind: 'p8', file: file(p8, 'AuthKey.p8'), keyId: key_id, teamId: 'short' });
  await expect(form.field('Team ID')).toHaveAccessibleDescription(/exactly 10 letters and digits/);
  await expect(form.field('Key ID')).toHaveValue(key_id);
  await form.upload({ kind: 'p8', file: file(p8, 'AuthKey.p8'), keyId: '', teamId: '' });
  await expect(form.field('Key ID')).toHaveAttribute('aria-invalid', 'true');
});

test('a certificate shows what it is, is replaced by the next and removed on demand', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const config = new BasicConfigPage(page);
  const form = new UploadCertificatePage(page);
  await form.open(access_id);
  const both = ['sandbox', 'production'] as ('sandbox' | 'production')[];
  await form.upload({
    kind: 'p12',
    file: file(p12({ bundle: BUNDLE, password: PASSWORD, environments: both, days: 20 })),
    password: PASSWORD,
    environments: ['Production', 'Development (sandbox)'],
  });
  await expect(config.notice).toContainText(`The certificate for Apple Push Services: ${BUNDLE} is in force.`);
  const card = config.card('Certificate (.p12)');
  await expect(card).toContainText(BUNDLE);
  await expect(card).toContainText('Production, Development (sandbox)');
  await expect(card).toContainText(/(19|20) days left/);
  await expect(card).toContainText(/[0-9A-F]{2}(:[0-9A-F]{2}){19}/);
  await expect(card).toContainText('by root');

  await config.uploadCertificate.click();
  await form.upload({ kind: 'p12', file: file(p12({ bundle: BUNDLE, password: PASSWORD, environments: both, days: 200 })), password: PASSWORD, environments: ['Production', 'Development (sandbox)'] });
  await expect(card).toHaveCount(1);
  await expect(card).toContainText(/(199|200) days left/);

  await card.getByRole('link', { name: /^Remove/ }).click();
  await expect(config.main).toContainText('Nothing more is pushed to devices of these environments');
  await config.button('Remove certificate').click();
  await expect(config.notice).toContainText('The certificate was taken out of force.');
  await expect(config.main).toContainText('No certificate yet');
});

test('the nearer its end, the louder the page says so', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique));
  const config = new BasicConfigPage(page);
  const form = new UploadCertificatePage(page);
  // A certificate made now ends some seconds before the day count is full when it is looked at.
  const stages: [number, string | null, RegExp][] = [
    [40, null, /39 days left/],
    [29, 'alert-info', /A certificate expires in 28 days/],
    [6, 'alert-warning', /A certificate expires in 5 days/],
    [2, 'alert-bad', /A certificate expires in 1 day/],
    [1, 'alert-bad', /A certificate expires today/],
  ];
  for (const [days, look, text] of stages) {
    await test.step(`${days} days before`, async () => {
      await form.open(access_id);
      await form.upload({ kind: 'p12', file: file(p12({ bundle: BUNDLE, password: PASSWORD, days })), password: PASSWORD });
      await expect(config.notice).toContainText('is in force');
      await expect(config.main).toContainText(text);
      const banner = config.main.locator('.alert').filter({ hasText: 'Upload its successor now' });
      if (look) await expect(banner).toContainClass(look);
      else await expect(banner).toHaveCount(0);
    });
  }
  const products = new ProductsPage(page);
  await products.open();
  const row = page.getByRole('row').filter({ hasText: String(access_id) });
  await expect(row, 'the list of products leads to what ends').toContainText('Expires today');
  await row.getByRole('link', { name: 'Push Certificate: Expires today' }).click();
  await expect(config.main).toContainText('A certificate expires today');
});

test('without a Bundle ID the page leads to it', async ({ page, apply, unique }) => {
  const { products: [{ applications: [{ access_id }] }] } = await apply(app(unique, ''));
  const form = new UploadCertificatePage(page);
  await form.open(access_id);
  await expect(form.main).toContainText('Save the Bundle ID first');
  await form.link('Go to Bundle ID').click();
  await expect(page).toHaveURL(`/applications/${access_id}/basic-config`);
  await expect(new BasicConfigPage(page).uploadCertificate).toHaveCount(0);
});
