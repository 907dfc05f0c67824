import { MARKUP, wrongNames } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { PlanFormPage, PlansPage } from '../../pages/PlanPages';
import { DeletePage } from '../../pages/ProductPages';

test.beforeEach(({ signIn }) => signIn());

const one = (unique: string) => ({
  products: [{ name: `Plans ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'ios' as const }] }],
});

test('a plan of one’s own is created, changed and deleted', async ({ page, apply, unique }) => {
  const { products: [{ id, applications: [app] }] } = await apply(one(unique));
  const plans = new PlansPage(page);
  const form = new PlanFormPage(page);
  await plans.open(app.access_id);
  await expect(plans.main).toContainText('No push plans yet');
  await expect(plans.link('Go to Third-party Authorization')).toHaveAttribute('href', `/products/${id}/authorisation`);

  await plans.create.click();
  await form.submit('Spring sale', MARKUP, 'Create');
  await expect(plans.notice).toContainText('Push plan “Spring sale” was created.');
  await expect(plans.row('Spring sale')).toContainText(MARKUP);
  await expect(plans.row('Spring sale')).toContainText('Console');

  await plans.row('Spring sale').getByRole('link', { name: 'Edit plan Spring sale' }).click();
  await expect(form.description, 'markup in a text area').toHaveValue(MARKUP);
  await form.submit('Summer sale', 'line one\nline two', 'Save');
  await expect(plans.notice).toContainText('Push plan “Summer sale” was saved.');

  await plans.row('Summer sale').getByRole('link', { name: 'Delete plan Summer sale' }).click();
  const remove = new DeletePage(page);
  await expect(remove.main).toContainText('Its history of 0 message(s) can no longer be opened.');
  await remove.confirm('Summer sale', 'Delete plan');
  await expect(plans.notice).toContainText('Push plan “Summer sale” was deleted.');
});

test('wrong names and descriptions are refused and kept', async ({ page, apply, unique }) => {
  const { products: [{ applications: [app] }] } = await apply(one(unique));
  const form = new PlanFormPage(page);
  await form.openNew(app.access_id);
  for (const { text, fault } of wrongNames(60)) {
    await form.submit(text, `described ${MARKUP}`, 'Create');
    await expect(form.name).toHaveAccessibleDescription(fault);
    await expect(form.name).toHaveValue(text);
    await expect(form.description).toHaveValue(`described ${MARKUP}`);
  }
  await form.submit('Long', '长'.repeat(301), 'Create');
  await expect(form.description).toHaveAccessibleDescription(/at most 300 characters/);
  await expect(form.description).toHaveValue('长'.repeat(301));
  await form.submit('Long', '长'.repeat(300), 'Create');
  await expect(new PlansPage(page).notice).toContainText('was created');
  await form.openNew(app.access_id);
  await form.submit('long', '', 'Create');
  await expect(form.name).toHaveAccessibleDescription(/This name is used already/);
});

test('the IM message plan stays as it is, whoever asks', async ({ page, scene }) => {
  const { access_id, plan } = scene.android;
  await new PlanFormPage(page).openEdit(access_id, plan);
  await expect(page.getByRole('main')).toContainText('This plan cannot be changed');
  await page.goto(`/applications/${access_id}/plans/${plan}/delete`);
  await expect(page.getByRole('main')).toContainText('This plan cannot be changed');
  const form = { access_id: String(access_id), plan: String(plan) };
  const changed = await page.request.post('/ui/plans/change', { form: { ...form, name: 'Mine', description: '' } });
  expect(changed.status()).toBe(409);
  const deleted = await page.request.post('/ui/plans/delete', { form: { ...form, confirmation: 'IM message' } });
  expect(deleted.status()).toBe(409);
});
