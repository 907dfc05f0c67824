import { expect, test } from '../../fixtures/test';
import { MessagePage, PlanDetailsPage } from '../../pages/PlanPages';

test('two browsers see a message arrive, without loading the page anew', async ({ page, signIn, elsewhere, scene }) => {
  await signIn();
  const { backEnd, android } = scene;
  const pages = [page, await elsewhere()].map((one) => new PlanDetailsPage(one));
  for (const details of pages) {
    await details.open(android.access_id, android.plan);
    await details.user.fill('being typed');
    await expect(details.main).toContainText('This page updates by itself.');
  }
  await backEnd.send('alice', 'bob', 'Live and unplugged');
  for (const details of pages) {
    await expect(details.message('Live and unplugged')).toContainText('Sent');
    await expect(details.count('sent')).toHaveText('1');
    await expect(details.user, 'what is being typed stays').toHaveValue('being typed');
    await expect(details.user, 'and keeps the focus').toBeFocused();
  }
});

test('the page of one message follows its tries', async ({ page, signIn, scene, world }) => {
  await signIn();
  const { backEnd, phone, android } = scene;
  await world.script({ vendor: 'fcm', token: phone, status: 503, times: 1 });
  await backEnd.send('alice', 'bob', 'Second try');
  const details = new PlanDetailsPage(page);
  await details.open(android.access_id, android.plan);
  await expect(details.message('Second try')).toContainText('Retrying');
  await details.openMessage('Second try');
  const row = new MessagePage(page).delivery('FCM');
  await expect(row).toContainText('Retrying');
  await expect(row).toContainText('Sent', { timeout: 20_000 });
  await expect(page.getByRole('table', { name: /^Tries for bob/ }).getByRole('row')).toHaveCount(3);
});
