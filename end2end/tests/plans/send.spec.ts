// Send a push: a form beneath a plan, and the trace that it leads to.
import { expect, test } from '../../fixtures/test';
import { PlanDetailsPage, SendPushPage } from '../../pages/PlanPages';

test.beforeEach(({ signIn }) => signIn());

test('a push to several users leads to what becomes of it on every device', async ({ page, scene, unique }) => {
  const { access_id, plan } = scene.android;
  const details = new PlanDetailsPage(page);
  await details.open(access_id, plan);
  await details.main.getByRole('link', { name: 'Send a push' }).click();
  const send = new SendPushPage(page);
  await expect(send.to).toBeVisible();
  await send.submit({ to: 'bob, nobody-here', title: `News ${unique}`, text: `Come and see ${unique}`, ext: '{"page":"news"}' });
  await expect(page).toHaveURL(new RegExp(`/applications/${access_id}/plans/${plan}/messages/\\d+$`));
  await expect(send.notice).toContainText('The push to 2 receiver(s) is on its way');
  await expect(send.main).toContainText(`Come and see ${unique}`);
  const deliveries = page.getByRole('table', { name: 'What happened' });
  await expect(deliveries.getByRole('row').filter({ hasText: 'nobody-here' })).toContainText('no device');
  // With script the page is kept up to date, without one it is loaded again.
  await expect(async () => {
    await page.reload();
    await expect(deliveries.getByRole('row').filter({ hasText: 'bob' })).toContainText('Sent', { timeout: 500 });
  }).toPass();
});

test('what cannot be sent is told at its field, and what was typed stays', async ({ page, scene, unique }) => {
  const send = new SendPushPage(page);
  await send.open(scene.android.access_id, scene.android.plan);
  await send.submit({ to: 'not a user!', title: 'Kept', text: `Worth keeping ${unique}`, ext: 'no json' });
  await expect(send.ext).toHaveAccessibleDescription(/Write JSON/);
  await expect(send.to).toHaveAccessibleDescription(/Use 1 to 32 letters/);
  await expect(send.to).toHaveValue('not a user!');
  await expect(send.text).toHaveValue(`Worth keeping ${unique}`);
  await expect(send.title).toHaveValue('Kept');
});
