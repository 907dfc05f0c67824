// Each Chinese vendor on the operator's way: credential, Verify, receipt address, test message, and the receipt in Details.
import { expect, test } from '../../fixtures/test';
import type { Credentials } from '../../fixtures/world';
import { BasicConfigPage, ChannelPage } from '../../pages/BasicConfigPages';
import { MessagePage } from '../../pages/PlanPages';

const PACKAGE = 'com.example.chat';

interface Vendor {
  /** The channel's name, in addresses and for the simulator. */
  channel: keyof Credentials;
  /** What the operator types, from what the vendor gave. */
  fields: (own: any) => Record<string, string>;
  /** The field whose wrong value the vendor refuses. */
  secret: string;
  token: string;
  /** The application under which receipts are registered at the vendor; others are told with each message. */
  registers?: (own: any) => string;
}

const VENDORS: Record<string, Vendor> = {
  Huawei: {
    channel: 'huawei',
    fields: ({ app_id, app_secret }) => ({ AppID: app_id, 'Client Secret': app_secret }),
    secret: 'Client Secret',
    token: 'IQAAAACy0tEhomingE2E',
    registers: ({ app_id }) => app_id,
  },
  HONOR: {
    channel: 'honor',
    fields: ({ app_id, client_id, client_secret }) => ({ AppID: app_id, ClientID: client_id, 'Client Secret': client_secret }),
    secret: 'Client Secret',
    token: 'BAEAAAAB.honor-e2e',
    registers: ({ app_id }) => app_id,
  },
  Xiaomi: {
    channel: 'xiaomi',
    fields: ({ app_secret }) => ({ AppID: '2882303761', AppKey: '5401', AppSecret: app_secret }),
    secret: 'AppSecret',
    token: 'xiaomi+regid/e2e=',
  },
  OPPO: {
    channel: 'oppo',
    fields: ({ app_key, master_secret }) => ({ AppKey: app_key, MasterSecret: master_secret }),
    secret: 'MasterSecret',
    token: 'CN_0123456789abcdef0123456789abcdef',
  },
  vivo: {
    channel: 'vivo',
    fields: ({ app_id, app_key, app_secret }) => ({ AppID: String(app_id), AppKey: app_key, AppSecret: app_secret }),
    secret: 'AppSecret',
    token: '15634987612341234567890',
  },
  Meizu: {
    channel: 'meizu',
    fields: ({ app_id, app_secret }) => ({ AppID: String(app_id), AppSecret: app_secret }),
    secret: 'AppSecret',
    token: 'RA50c6348036344485d01776773577c64740465480a6b',
  },
};

for (const [name, vendor] of Object.entries(VENDORS)) {
  test(`${name}: from the credential to a receipt`, async ({ page, world, apply, signIn, unique, script }) => {
    test.setTimeout(90_000);
    const own = world.credentials[vendor.channel];
    const product = `Receipts ${unique}`;
    const im = `IM ${unique}`;
    const user = `bob-${unique}`;
    const report = await apply({
      products: [{ name: product, access_point: 'ap-guangzhou', applications: [{ platform: 'android', identifier: PACKAGE }] }],
      im_applications: [{ name: im, access_point: 'ap-guangzhou' }],
      authorisations: [{ im_application: im, product, platform: 'android' }],
      devices: [
        { im_application: im, user, platform: 'android', channel: vendor.channel, vendor_token: vendor.token, identifier: PACKAGE },
      ],
    });
    await signIn();
    const config = new BasicConfigPage(page);
    const channel = new ChannelPage(page);
    const card = config.card(name);
    await config.open(report.products[0].applications[0].access_id);

    await test.step('a wrong secret is refused by the vendor, in its own words', async () => {
      await config.editChannel(name);
      for (const [label, value] of Object.entries({ ...vendor.fields(own), [vendor.secret]: 'not-the-secret' })) {
        await channel.field(label).fill(value);
      }
      await channel.save();
      await expect(card).toContainText('Saved, not verified');
      await config.verify(name);
      await expect(card).toContainText('The vendor refuses it');
    });

    await test.step('the right one is taken', async () => {
      await config.editChannel(name);
      await channel.field(vendor.secret).fill(vendor.fields(own)[vendor.secret]);
      await channel.save();
      await expect(card).toContainText('Saved, not verified');
      await config.verify(name);
      await expect(card).toContainText('The vendor takes it');
    });

    await test.step('a test message is sent, and its receipt arrives', async () => {
      await config.openChecks(name);
      if (vendor.registers) {
        await world.registerReceipts(vendor.channel, vendor.registers(own), await config.receiptAddress(name));
      }
      await config.sendTest(name, user);
      await expect(page).toHaveURL(/\/plans\/\d+\/messages\/\d+/);
      const delivery = new MessagePage(page).delivery(name);
      // Without script the page shows what has come by being loaded again.
      await expect(async () => {
        if (!script) await page.reload();
        await expect(delivery).toContainText('Reached', { timeout: script ? 20_000 : 1_000 });
      }).toPass({ timeout: 30_000 });
    });

    await test.step('the card tells when the receipt came', async () => {
      await config.open(report.products[0].applications[0].access_id);
      await config.openChecks(name);
      await expect(card).not.toContainText('None yet');
    });
  });
}
