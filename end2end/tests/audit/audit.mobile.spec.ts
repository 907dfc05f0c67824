// The audit log on a narrow screen, in Chinese and in the dark.
import { violations } from '../../fixtures/accessibility';
import { expect, test } from '../../fixtures/test';

test.use({ locale: 'zh-CN', colorScheme: 'dark' });

test('the log is readable at 390 pixels', async ({ page, signIn }) => {
  await signIn();
  await page.goto('/audit');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('审计日志');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide, 'the page itself does not scroll sideways').toBe(false);
  expect(await violations(page)).toEqual([]);
});
