import type { Description, Preset } from '../../fixtures/description';
import { ROOT, expect, sub, test } from '../../fixtures/test';
import { AuthorisationPage } from '../../pages/AuthorisationPages';
import { BasicConfigPage } from '../../pages/BasicConfigPages';
import { PlansPage } from '../../pages/PlanPages';
import { ProductsPage } from '../../pages/ProductPages';
import { Screen } from '../../pages/Screen';
import { SubAccountFormPage } from '../../pages/SubAccountPages';

const PASSWORD = 'a helper of the owner';

const world = (unique: string, preset: Preset): Description => ({
  products: ['Shared', 'Hidden'].map((name) => ({
    name: `${name} ${unique}`,
    access_point: 'ap-guangzhou',
    applications: [
      { platform: 'android', identifier: 'com.example.shared' },
      { platform: 'ios', identifier: 'com.example.shared' },
    ],
  })),
  im_applications: [{ name: `IM ${unique}`, access_point: 'ap-guangzhou' }],
  sub_accounts: [
    {
      name: `helper-${unique}`,
      password: PASSWORD,
      applications: [{ product: `Shared ${unique}`, platform: 'android', preset }],
    },
  ],
});

class AnyPage extends Screen {}

test('a sub-account sees what is shared with it and nothing else', async ({ page, apply, signIn, unique }) => {
  await apply(world(unique, 'read_only'));
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const products = new ProductsPage(page);
  await products.open();
  await expect(products.product(`Shared ${unique}`)).toBeVisible();
  await expect(products.application(`Shared ${unique} Android`)).toBeVisible();
  await expect(products.application(`Shared ${unique} iOS`)).toHaveCount(0);
  await expect(products.product(`Hidden ${unique}`)).toHaveCount(0);
  await expect(page.getByText('1–1 of 1')).toBeVisible();
  await expect(page.getByRole('link', { name: /Create Product|Add Application|Delete/ })).toHaveCount(0);
  const navigation = page.getByRole('navigation', { name: 'Console' });
  await expect(navigation.getByRole('link', { name: 'IM Applications' })).toHaveCount(0);
  await expect(navigation.getByRole('link', { name: 'Sub-accounts' })).toHaveCount(0);
  await products.openAccountMenu();
  await expect(page.getByText(`Sub-account of ${ROOT.name}`)).toBeVisible();
});

test('an address out of bounds tells which right is missing and who grants it', async ({ page, apply, signIn, unique }) => {
  const { products: [{ id, applications: [android] }], im_applications: [im] } = await apply(world(unique, 'read_only'));
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const manageProducts = 'Manage products and applications';
  const forbidden: [string, string][] = [
    ['/products/new', manageProducts],
    [`/products/${id}/edit`, manageProducts],
    [`/products/${id}/delete`, manageProducts],
    [`/products/${id}/add-application`, manageProducts],
    [`/applications/${android.access_id}/edit`, manageProducts],
    [`/applications/${android.access_id}/delete`, manageProducts],
    [`/applications/${android.access_id}/basic-config/channels/fcm`, 'Change Basic Config'],
    [`/applications/${android.access_id}/plans/new`, 'Manage push plans'],
    [`/products/${id}/authorisation/add`, 'Manage IM Application Authorization'],
    ['/im-applications', 'Manage IM applications'],
    ['/im-applications/new', 'Manage IM applications'],
    [`/im-applications/${im.sdk_app_id}`, 'Manage IM applications'],
    ['/sub-accounts', 'Manage sub-accounts'],
    ['/sub-accounts/new', 'Manage sub-accounts'],
  ];
  const text = (right: string) => `You lack the right “${right}”. The root account ${ROOT.name} can grant it.`;
  for (const [path, right] of forbidden) {
    const answer = await page.request.get(path, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    expect.soft(answer.status(), path).toBe(403);
    expect.soft(html, path).toContain(text(right));
    expect.soft(html.match(/<h1/g), path).toHaveLength(1);
  }
  const any = new AnyPage(page);
  await page.goto('/im-applications');
  await expect(any.heading).toHaveText('A right is missing');
  await expect(any.main).toContainText(text('Manage IM applications'));
});

test('what is not shared is not there', async ({ page, apply, signIn, unique }) => {
  const report = await apply(world(unique, 'developer'));
  const [shared, hidden] = report.products;
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const any = new AnyPage(page);
  const paths = [
    `/applications/${shared.applications[1].access_id}`,
    `/applications/${hidden.applications[0].access_id}/basic-config`,
    `/applications/${hidden.applications[0].access_id}/plans`,
    `/products/${hidden.id}/authorisation`,
    '/applications/1500000000',
    '/applications/text',
    '/nowhere',
  ];
  for (const path of paths) {
    const answer = await page.request.get(path, { headers: { accept: 'text/html' } });
    expect.soft(answer.status(), path).toBe(404);
    expect.soft(await answer.text(), path).toContain('Nothing here');
  }
  await page.goto(paths[0]);
  await expect(any.heading).toHaveText('Nothing here');
  await any.link('Go to Product Management').click();
  await expect(page).toHaveURL('/products');
});

test('who may only view gets no form', async ({ page, apply, signIn, unique }) => {
  const { products: [{ applications: [android] }] } = await apply(world(unique, 'read_only'));
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const config = new BasicConfigPage(page);
  await config.open(android.access_id);
  await expect(config.main).toContainText(`You lack the right “Change Basic Config”; the root account ${ROOT.name} can grant it.`);
  await expect(config.main).toContainText('com.example.shared');
  await expect(config.main.getByRole('textbox')).toHaveCount(0);
  await expect(config.main.getByRole('link', { name: /^Edit/ })).toHaveCount(0);
  const plans = new PlansPage(page);
  await plans.open(android.access_id);
  await expect(plans.create).toHaveCount(0);
});

test('who may configure can, and nothing more', async ({ page, apply, signIn, unique }) => {
  const { products: [{ applications: [android] }] } = await apply(world(unique, 'developer'));
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const config = new BasicConfigPage(page);
  await config.open(android.access_id);
  await config.saveIdentifier(config.packageName, 'com.example.changed');
  await expect(config.notice).toContainText('“com.example.changed” was saved.');
  await page.goto(`/applications/${android.access_id}`);
  await expect(page.getByRole('link', { name: /Edit application|Delete application/ })).toHaveCount(0);
});

test('the IM mode is not offered until it is granted, and then at once', async ({ page, apply, signIn, elsewhere, unique }) => {
  const { products: [{ id }], sub_accounts: [helper] } = await apply(world(unique, 'read_only'));
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const authorisation = new AuthorisationPage(page);
  await authorisation.open(id, 'im');
  await expect(authorisation.imMode).toHaveCount(0);
  await expect(authorisation.main).toContainText('IM Application Authorization is not offered yet');
  await expect(authorisation.main).toContainText(
    `Your sub-account lacks the right “Manage IM Application Authorization”. The root account ${ROOT.name} can grant it`,
  );

  const form = new SubAccountFormPage(await elsewhere());
  await form.openEdit(helper.id);
  await form.mayAuthorise.check();
  await form.button('Save').click();
  await expect(form.notice).toContainText(`Sub-account “helper-${unique}@${ROOT.name}” was saved.`);

  await page.reload();
  await expect(authorisation.imMode).toBeVisible();
});

test('server functions refuse on their own, whatever the page hides', async ({ page, apply, signIn, unique }) => {
  const { products: [shared, hidden], im_applications: [im], sub_accounts: [helper] } = await apply(world(unique, 'read_only'));
  await signIn(sub({ name: `helper-${unique}`, password: PASSWORD }));
  const ours = String(shared.applications[0].access_id);
  const theirs = String(hidden.applications[0].access_id);
  const product = String(shared.id);
  const sdk_app_id = String(im.sdk_app_id);
  const changes: [string, Record<string, string>, number][] = [
    ['products/create', { name: unique, category: 'news', access_point: 'ap-guangzhou', 'platforms[]': 'ios', form_key: unique }, 403],
    ['products/change', { product, name: unique, category: 'news' }, 403],
    ['products/delete', { product, confirmation: `Shared ${unique}` }, 403],
    ['products/add-application', { product, platform: 'macos', name: unique }, 403],
    ['applications/rename', { access_id: ours, name: unique }, 403],
    ['applications/delete', { access_id: ours, confirmation: `Shared ${unique} Android` }, 403],
    ['applications/reveal', { access_id: ours, password: PASSWORD }, 403],
    ['basic-configs/save-identifier', { access_id: ours, identifier: 'com.example.x' }, 403],
    ['basic-configs/save-identifier', { access_id: theirs, identifier: 'com.example.x' }, 404],
    ['basic-configs/save-channel', { access_id: ours, channel: 'vivo', app_id: '1', app_key: 'k', app_secret: 's' }, 403],
    ['plans/create', { access_id: ours, name: unique, description: '' }, 403],
    ['plans/create', { access_id: theirs, name: unique, description: '' }, 404],
    ['authorisations/add', { im_application: sdk_app_id, product, application: '1' }, 403],
    ['im-applications/create', { name: unique, access_point: 'ap-guangzhou', form_key: unique }, 403],
    ['im-applications/reveal', { sdk_app_id, password: PASSWORD }, 403],
    ['im-applications/set-enabled', { sdk_app_id, enabled: 'false' }, 403],
    ['im-applications/set-administrators', { sdk_app_id, administrators: 'eve' }, 403],
    ['sub-accounts/create', { name: `x-${unique}`, password: PASSWORD }, 403],
    ['sub-accounts/change', { account: String(helper.id), name: `helper-${unique}`, 'tenant[]': 'manage_authorisation' }, 403],
    ['sub-accounts/delete', { account: String(helper.id) }, 403],
  ];
  for (const [endpoint, form, status] of changes) {
    const answer = await page.request.post(`/ui/${endpoint}`, { form });
    expect.soft(answer.status(), `${endpoint}: ${await answer.text()}`).toBe(status);
  }
  const reads: [string, number][] = [
    ['im-applications/list', 403],
    [`im-applications/get?sdk_app_id=${sdk_app_id}`, 403],
    ['sub-accounts/list', 403],
    ['products/new', 403],
    [`applications/get?access_id=${theirs}`, 404],
    [`basic-configs/get?access_id=${theirs}`, 404],
    [`plans/list?access_id=${theirs}`, 404],
    [`authorisations/page?product=${hidden.id}`, 404],
  ];
  for (const [endpoint, status] of reads) {
    const answer = await page.request.get(`/ui/${endpoint}`);
    expect.soft(answer.status(), `${endpoint}: ${await answer.text()}`).toBe(status);
  }
  const upload = await page.request.post(`/applications/${shared.applications[1].access_id}/basic-config/certificates`, {
    multipart: { kind: 'p12', 'environments[]': 'production', password: '', file: { name: 'x.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from('x') } },
    maxRedirects: 0,
  });
  expect.soft([303, 403, 404], 'upload').toContain(upload.status());
});
