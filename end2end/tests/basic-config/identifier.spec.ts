import { MARKUP } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { BasicConfigPage } from '../../pages/BasicConfigPages';

test.beforeEach(({ signIn }) => signIn());

const both = (unique: string) => ({
  products: [
    {
      name: `Named ${unique}`,
      access_point: 'ap-guangzhou',
      applications: [{ platform: 'android' as const }, { platform: 'macos' as const }],
    },
  ],
});

const WRONG = ['nodots', '.com.example', 'com..example', 'com.example.', 'com example', '包.名', MARKUP, 'com.exa\u0007mple'];

test('a package name is checked and kept', async ({ page, apply, unique }) => {
  const { products: [{ applications: [android] }] } = await apply(both(unique));
  const config = new BasicConfigPage(page);
  await config.open(android.access_id);
  await config.saveIdentifier(config.packageName, '');
  await expect(config.packageName).toHaveAccessibleDescription(/Fill this in/);
  for (const text of [...WRONG, '1com.example', 'com.1example', 'com.ex-ample']) {
    await config.saveIdentifier(config.packageName, text);
    await expect.soft(config.packageName, text).toHaveAccessibleDescription(/Write it like com\.example\.app|Remove blanks/);
    await expect.soft(config.packageName).toHaveValue(text);
  }
  await config.saveIdentifier(config.packageName, `com.${'x'.repeat(300)}`);
  await expect(config.packageName).toHaveAccessibleDescription(/at most \d+ characters/);
  await config.saveIdentifier(config.packageName, ' com.example.good_1 ');
  await expect(config.notice).toContainText('“com.example.good_1” was saved.');
  await page.reload();
  await expect(config.packageName).toHaveValue('com.example.good_1');
});

test('a Bundle ID may hold a dash, and nothing odd', async ({ page, apply, unique }) => {
  const { products: [{ applications: [, macos] }] } = await apply(both(unique));
  const config = new BasicConfigPage(page);
  await config.open(macos.access_id);
  for (const text of [...WRONG, 'com.under_score']) {
    await config.saveIdentifier(config.bundleId, text);
    await expect.soft(config.bundleId, text).toHaveAccessibleDescription(/Write it like com\.example\.app|Remove blanks/);
  }
  await config.saveIdentifier(config.bundleId, 'com.example.good-1');
  await expect(config.notice).toContainText('“com.example.good-1” was saved.');
});

test('changing an identifier in use is warned of', async ({ page, scene }) => {
  const config = new BasicConfigPage(page);
  await config.open(scene.android.access_id);
  await expect(config.main).toContainText('devices that registered with the old one get nothing');
});
