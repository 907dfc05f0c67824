import { MARKUP, wrongNames } from '../../fixtures/inputs';
import { expect, test } from '../../fixtures/test';
import { CreateImApplicationPage, ImApplicationPage, ImApplicationsPage } from '../../pages/ImApplicationPages';
import { DeletePage } from '../../pages/ProductPages';

test.beforeEach(({ signIn }) => signIn());

const here = (name: string) => ({ name, access_point: 'ap-guangzhou' });

test('an IM application gets a number and a key, which is shown when asked for', async ({ page, unique }) => {
  const list = new ImApplicationsPage(page);
  const im = new ImApplicationPage(page);
  const name = `IM ${unique}`;
  await list.open();
  await list.create.click();
  await new CreateImApplicationPage(page).submit({ name, accessPoint: 'Shanghai' });
  await expect(im.heading).toHaveText(name);
  await expect(im.value('SDKAppID')).toContainText(/14\d{8}/);
  await expect(im.value('Service access point')).toContainText('Shanghai');
  await expect(im.administrators).toHaveValue('administrator');
  await expect(im.main).toContainText('identifier=administrator');
  await im.reveal('Key');
  await expect(page.getByRole('code').filter({ hasText: /^[0-9a-f]{64}$/ })).toBeVisible();
  await list.open();
  await expect(list.row(name)).toContainText('Not authorised yet');
});

for (const { what, text, fault } of wrongNames(60)) {
  test(`a name that is ${what} is refused`, async ({ page }) => {
    const form = new CreateImApplicationPage(page);
    await form.open();
    await form.submit({ name: text, accessPoint: 'Guangzhou' });
    await expect(form.name).toHaveAccessibleDescription(fault);
    await expect(form.name).toHaveValue(text);
  });
}

test('a taken name and a missing access point are refused, markup is not', async ({ page, apply, unique }) => {
  await apply({ im_applications: [here(`Taken ${unique}`)] });
  const form = new CreateImApplicationPage(page);
  await form.open();
  await form.submit({ name: `Taken ${unique}` });
  await expect(form.accessPoint).toHaveAttribute('aria-invalid', 'true');
  await form.submit({ accessPoint: 'Guangzhou' });
  await expect(form.name).toHaveAccessibleDescription(/This name is used already/);
  await form.submit({ name: `${MARKUP}${unique}` });
  await expect(form.heading).toHaveText(`${MARKUP}${unique}`);
});

test('the list of administrators is checked and kept', async ({ page, apply, unique }) => {
  const { im_applications: [{ sdk_app_id }] } = await apply({ im_applications: [here(`Admins ${unique}`)] });
  const im = new ImApplicationPage(page);
  await im.open(sdk_app_id);
  const wrong: [string, RegExp][] = [
    ['', /Fill this in|at least one/],
    ['two words', /1 to 32 letters, digits/],
    [MARKUP, /at most 32 characters/],
    ['<b>', /1 to 32 letters, digits/],
    ['x'.repeat(33), /at most 32 characters/],
    [Array.from({ length: 200 }, (_, index) => `admin${index}`).join(','), /at most \d+ entries/],
  ];
  for (const [text, fault] of wrong) {
    await im.saveAdministrators(text);
    await expect(im.administrators).toHaveAccessibleDescription(fault);
    await expect(im.administrators, 'what was typed is kept').toHaveValue(text);
  }
  await im.saveAdministrators('alice, bob\ncarol');
  await expect(im.notice).toContainText(`The administrators of “Admins ${unique}” were saved.`);
  await im.open(sdk_app_id);
  await expect(im.administrators).toHaveValue('alice\nbob\ncarol');
});

test('a disabled IM application refuses calls, and only then it can be deleted', async ({ page, apply, world, unique }) => {
  const name = `Off ${unique}`;
  const { im_applications: [app] } = await apply({ im_applications: [here(name)] });
  const backEnd = world.im(app);
  const remove = new DeletePage(page);
  const im = new ImApplicationPage(page);

  await remove.open(`/im-applications/${app.sdk_app_id}/delete`);
  await expect(remove.main).toContainText('It is enabled. Disable it first.');
  await remove.link('Go to its details').click();
  await im.button('Disable').click();
  await expect(im.notice).toContainText(`IM application “${name}” was disabled.`);
  expect(await backEnd.send('a', 'b', 'x')).toMatchObject({ ErrorCode: 60016 });

  await im.link('Delete IM application').click();
  await remove.confirmation(name).fill('another name');
  await remove.button('Delete IM application').click();
  await expect(remove.confirmation(name)).toHaveAccessibleDescription(/This is not the name shown above/);
  await remove.confirm(name, 'Delete IM application');
  await expect(new ImApplicationsPage(page).notice).toContainText(`IM application “${name}” was deleted.`);
  expect(await backEnd.send('a', 'b', 'x')).toMatchObject({ ErrorCode: 70009 });
});

test('an authorised IM application cannot be deleted, and the page leads to the authorisations', async ({ page, scene }) => {
  const remove = new DeletePage(page);
  await remove.open(`/im-applications/${scene.im.sdk_app_id}/delete`);
  await expect(remove.main).toContainText('This IM application cannot be deleted yet');
  await expect(remove.main).toContainText('Take the authorisation back first.');
  await expect(remove.main.getByRole('link', { name: `Go to the authorisation of ${scene.product.name}` }).first()).toHaveAttribute(
    'href',
    `/products/${scene.product.id}/authorisation?mode=im`,
  );
});
