// The audit log: what was done is there, can be found, taken away as a file, and is read by nobody without the right.
import { readFile } from 'node:fs/promises';
import { violations } from '../../fixtures/accessibility';
import { expect, sub, test } from '../../fixtures/test';
import { AuditPage } from '../../pages/AuditPage';

const PASSWORD = 'a reader of what happened';

test('three changes stand in the log, are found by its filters and taken away as a file', async ({ page, apply, signIn, script, unique }) => {
  const [first, second, third] = ['One', 'Two', 'Three'].map((name) => `${name} ${unique}`);
  const products = [first, second, third].map((name) => ({ name, access_point: 'ap-guangzhou', applications: [{ platform: 'android' as const }] }));
  await apply({ products });
  await signIn();
  await page.goto('/products');
  await page.getByRole('link', { name: 'Audit log', exact: true }).click();
  const audit = new AuditPage(page);
  await expect(audit.heading).toHaveText('Audit log');
  for (const name of [first, second, third]) {
    const entry = audit.about(`Product: ${name}`);
    await expect(entry).toContainText('Create product');
    await expect(entry).toContainText('Done');
    await expect(entry).toContainText('Command line');
  }
  // Newest first.
  const order = await audit.rows.allInnerTexts();
  const place = (name: string) => order.findIndex((text) => text.includes(`Product: ${name}`));
  expect(place(third)).toBeLessThan(place(first));

  const added = audit.about(`Application: ${second} Android`);
  await added.getByText('Fields: 3').click();
  await expect(added.getByRole('row', { name: /Secret Key/ })).toContainText(/fingerprint [0-9a-f]{12}/);

  await audit.what.selectOption('Create product');
  await audit.search();
  await expect(page).toHaveURL(/what=product\.create/);
  await expect(audit.about(first)).toHaveCount(1);
  await expect(audit.rows.filter({ hasNotText: 'Create product' })).toHaveCount(0);
  const download = page.waitForEvent('download');
  await audit.export.click();
  const file = await (await download).path();
  const text = await readFile(file, 'utf8');
  expect(text.split('\r\n')[0]).toContain('number,time,account');
  for (const name of [first, second, third]) expect(text).toContain(`"${name}"`);
  expect(text).not.toContain('application.add');

  await audit.outcome.selectOption('Failed');
  await audit.search();
  await expect(audit.main).toContainText('No such entries');
  await audit.main.getByRole('link', { name: 'Clear' }).click();
  await expect(audit.about(first).first()).toBeVisible();
  if (script) expect(await violations(page)).toEqual([]);
});

test('who lacks the right gets the page that says so, and who has it reads', async ({ page, apply, elsewhere, signIn, unique }) => {
  const product = { name: `Seen ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' as const }] };
  const reader = { name: `only-${unique}`, password: PASSWORD };
  const auditor = { name: `auditor-${unique}`, password: PASSWORD };
  await apply({
    products: [product],
    sub_accounts: [
      { ...reader, applications: [{ product: product.name, platform: 'ios', preset: 'read_only' }] },
      { ...auditor, rights: ['view_audit'] },
    ],
  });
  await signIn(sub(reader));
  const answer = await page.goto('/audit');
  expect(answer?.status()).toBe(403);
  await expect(new AuditPage(page).main).toContainText('Read the audit log');
  await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);

  const theirs = new AuditPage(await elsewhere(sub(auditor)));
  await theirs.open();
  const refused = theirs.about(sub(reader).name).filter({ hasText: 'Refused' });
  await expect(refused).toContainText('Open a page');
  await expect(refused).toContainText('Missing right: Read the audit log');
});
