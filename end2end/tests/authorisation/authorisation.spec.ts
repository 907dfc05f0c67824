import type { Description } from '../../fixtures/description';
import { expect, test } from '../../fixtures/test';
import { AddAuthorisationPage, AuthorisationPage } from '../../pages/AuthorisationPages';
import { PlansPage } from '../../pages/PlanPages';
import { ProductsPage } from '../../pages/ProductPages';

test.beforeEach(({ signIn }) => signIn());

const world = (unique: string): Description => ({
  products: [
    ['Near', 'ap-guangzhou'],
    ['Far', 'ap-singapore'],
  ].map(([name, access_point]) => ({
    name: `${name} ${unique}`,
    access_point,
    applications: [{ platform: 'android' }, { platform: 'ios' }],
  })),
  im_applications: [
    { name: `Open ${unique}`, access_point: 'ap-guangzhou' },
    { name: `Busy ${unique}`, access_point: 'ap-guangzhou' },
    { name: `Off ${unique}`, access_point: 'ap-guangzhou', enabled: false },
  ],
  authorisations: [{ im_application: `Busy ${unique}`, product: `Near ${unique}`, platform: 'android' }],
});

test('what cannot be chosen is listed with the reason', async ({ page, apply, unique, script }) => {
  const { products: [near] } = await apply(world(unique));
  const add = new AddAuthorisationPage(page);
  await add.open(near.id);
  const entry = (text: string) => page.getByRole('option', { name: text });
  await expect(entry(`Off ${unique}`)).toBeDisabled();
  await expect(entry(`Off ${unique}`)).toContainText('(disabled)');
  if (script) {
    await add.choose(add.imApplication, `Open ${unique}`);
    await expect(entry(`Far ${unique}`)).toBeDisabled();
    await expect(entry(`Far ${unique}`)).toContainText('(other service access point)');
  }
  await expect(entry(`Near ${unique} Android`)).toBeDisabled();
  await expect(entry(`Near ${unique} Android`)).toContainText(`(authorised to “Busy ${unique}”)`);
  await expect(entry(`Near ${unique} iOS`)).toBeEnabled();
});

test('an authorisation takes effect, and taking it back ends it', async ({ page, apply, unique }) => {
  const { products: [near] } = await apply(world(unique));
  const [, ios] = near.applications;
  const products = new ProductsPage(page);
  const authorisation = new AuthorisationPage(page);
  const plans = new PlansPage(page);

  await new AddAuthorisationPage(page).open(near.id);
  await new AddAuthorisationPage(page).authorise({ im: `Open ${unique}`, product: `Near ${unique}`, application: ios.name });
  await expect(authorisation.notice).toContainText(`“${ios.name}” is authorised. Its service details are now IM push only (free).`);
  await expect(authorisation.row(ios.name)).toContainText(`Open ${unique}`);
  await plans.open(ios.access_id);
  await expect(plans.row('IM message')).toContainText('Active');

  await authorisation.open(near.id, 'im');
  await authorisation.unauthorise(`Open ${unique}`, ios.name);
  await expect(authorisation.main).toContainText(`Take the authorisation of “Open ${unique}” for “${ios.name}`);
  await expect(authorisation.main).toContainText('The push plan “IM message” and its history stay and are marked inactive.');
  await authorisation.button('Unauthorise').click();
  await expect(authorisation.notice).toContainText(`The authorisation of “${ios.name}” was taken back.`);
  await expect(authorisation.row(ios.name)).toHaveCount(0);

  await plans.open(ios.access_id);
  await expect(plans.row('IM message')).toContainText('Inactive');
  await products.open(`?search=${unique}`);
  await expect(products.application(ios.name)).toContainText('Not enabled');
  await expect(products.application(`Near ${unique} Android`)).toContainText('IM push only (free)');
});

test('an empty form is refused', async ({ page, apply, unique }) => {
  const { products: [near] } = await apply(world(unique));
  const add = new AddAuthorisationPage(page);
  await add.open(near.id);
  await add.submit();
  await expect(add.refusal).toContainText(/need(s)? attention/);
  await expect(add.application).toHaveAttribute('aria-invalid', 'true');
});

test('of two that authorise at once one wins, and the other is told why', async ({ page, apply, unique }) => {
  const { products: [near, far], im_applications: [open, busy] } = await apply(world(unique));
  const [, ios] = near.applications;
  const add = (im: number, product: number, application: number) =>
    page.request.post('/ui/authorisations/add', {
      form: { im_application: String(im), product: String(product), application: String(application) },
    });
  const answers = await Promise.all([open, busy].map((im) => add(im.sdk_app_id, near.id, ios.id)));
  expect(answers.map((answer) => answer.status()).sort()).toEqual([200, 409]);
  const lost = answers.find((answer) => answer.status() === 409);
  expect(await lost?.text()).toContain('ApplicationAuthorised');

  const [android] = far.applications;
  expect((await add(open.sdk_app_id, far.id, android.id)).status(), 'of another access point').toBe(409);
});

test('a second application of a platform is refused with the one that has it', async ({ page, apply, unique }) => {
  const here = world(unique);
  here.products!.push({ name: `Third ${unique}`, access_point: 'ap-guangzhou', applications: [{ platform: 'android' }] });
  const { products: [, , third], im_applications: [, busy] } = await apply(here);
  const answer = await page.request.post('/ui/authorisations/add', {
    form: {
      im_application: String(busy.sdk_app_id),
      product: String(third.id),
      application: String(third.applications[0].id),
    },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.text()).toContain(`Near ${unique} Android`);
});
